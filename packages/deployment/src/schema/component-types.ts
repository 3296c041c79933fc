/** What a component can be; the first is built, the others consume images. */
export const COMPONENT_TYPES = ['nixpack', 'terraform', 'helmfile', 'lambda'] as const;
export type ComponentType = (typeof COMPONENT_TYPES)[number];
