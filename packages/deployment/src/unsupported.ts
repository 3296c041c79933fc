import { quote } from '@nx-nixpack/base';
import type { YamlNode } from './yaml/yaml-node.js';

/** Engines that a deployment file may name by its specification, and that nobody has built yet. */
export const UNBUILT_ENGINES = ['buildkit', 'buildah'] as const;

/** Something that a deployment file may say and that this version does not carry out. */
export interface Unsupported {
  /** Where: keys below `deployment`; `*` is any name. */
  readonly at: readonly string[];
  /** Which values; all of them when absent. */
  readonly when?: (value: YamlNode) => boolean;
  /** For the reference page: `buildkit`, `true`; absent when the whole key is meant. */
  readonly value?: string;
  /** Refused: its author would believe in something that does not happen. Unread: kept for later, and nothing is lost by it. */
  readonly kind: 'refused' | 'unread';
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

const TEXT = (text: string) => (value: YamlNode) => textIn(value) === text;
const IMAGE = ['components', 'nixpack', '*'];
const SETTINGS = [...IMAGE, 'settings', 'nixpack'];

const unbuiltEngine = (name: string): Unsupported => ({
  at: [...SETTINGS, 'engine'],
  when: TEXT(name),
  value: name,
  kind: 'refused',
  message: `The engine ${quote(name)} is not built yet`,
  hint: 'Write engine: embedded, or leave the key out.',
});

const consumers = (type: string): Unsupported => ({
  at: ['components', type],
  kind: 'unread',
  message: `Components of type ${type} are checked and kept; nothing is done with them yet`,
  hint: 'Leave them; nothing is lost.',
});

const unreadLabels = (at: readonly string[]): Unsupported => ({
  at,
  kind: 'unread',
  message: 'Labels that consumers find images by are kept; nothing looks at them yet',
  hint: 'Leave them, or set vars.image.labels for labels in the image.',
});

/**
 * The one list of what the schema accepts and nothing carries out. Files are refused by it when they are loaded, plan-image warns
 * by it, and docs/deployment-file.md says so from it. What gets built loses its line here.
 */
export const UNSUPPORTED: readonly Unsupported[] = [
  ...UNBUILT_ENGINES.map(unbuiltEngine),
  {
    at: [...SETTINGS, 'toolchain'],
    when: TEXT('nix'),
    value: 'nix',
    kind: 'refused',
    message: 'The Nix toolchain is not built yet',
    hint: 'Write toolchain: debian, which needs no base of yours, or toolchain: base with a build_image that has the tools.',
  },
  {
    at: [...SETTINGS, 'platforms'],
    when: (value) => value.kind === 'list' && value.items.length > 1,
    value: 'several',
    kind: 'refused',
    message: 'Images for several platforms are not built yet',
    hint: 'Name one platform.',
  },
  {
    at: [...SETTINGS, 'dockerfile_escape'],
    when: (value) => value.kind === 'boolean' && value.value === true,
    value: 'true',
    kind: 'refused',
    message: "The source's Dockerfile is not used yet",
    hint: 'Leave dockerfile_escape out; the source is planned without its Dockerfile.',
  },
  {
    at: [...SETTINGS, 'requireLock'],
    kind: 'refused',
    message: 'The key "requireLock" is called "require_lock", as all keys are written',
    hint: 'Write require_lock.',
  },
  {
    at: [...IMAGE, 'vars', 'prebuilt'],
    kind: 'refused',
    message: 'Nothing is taken from a build of Nx yet',
    hint: 'Leave prebuilt out; the image builds the source.',
  },
  {
    at: ['context', 'promote_by'],
    when: TEXT('tag'),
    value: 'tag',
    kind: 'refused',
    message: 'Promotion by tag is not built yet',
    hint: 'Leave promote_by out; images are named by their digest.',
  },
  {
    at: ['targets', '*', 'promotion', 'requires_approval'],
    when: (value) => value.kind === 'boolean' && value.value === true,
    value: 'true',
    kind: 'refused',
    message: 'Nobody is asked for approval yet',
    hint: 'Leave requires_approval out, and ask for approval where push-image is started.',
  },
  {
    at: ['targets', '*', 'promotion', 'from'],
    kind: 'unread',
    message: 'Promotion is not built yet: push-image does not ask where a release has been',
    hint: 'Push to the targets in their order.',
  },
  {
    at: ['stacks'],
    kind: 'unread',
    message: 'Stacks are kept; nothing loads them yet',
    hint: 'Leave them; nothing is lost.',
  },
  unreadLabels(['labels']),
  unreadLabels([...IMAGE, 'metadata', 'labels']),
  unreadLabels(['targets', '*', 'labels']),
  consumers('terraform'),
  consumers('helmfile'),
  consumers('lambda'),
];

const textIn = (value: YamlNode): unknown =>
  value.kind === 'text' ? value.value : 'literal' in value ? value.literal : undefined;
