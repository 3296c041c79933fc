/** `build_image` becomes `buildImage`. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : S;

export const camelCase = <S extends string>(key: S): CamelCase<S> =>
  key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<S>;
