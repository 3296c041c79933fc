interface HostSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly aptSources: readonly { readonly content: string }[];
}

/** The addresses of proxies and mirrors, wherever the host names them. */
export function urlsOf({ env, files = {}, aptSources }: HostSettings): URL[] {
  const sources = aptSources.map(({ content }) => content);
  return [...Object.values(env), ...Object.values(files), ...sources]
    .flatMap((value) => value.split(/[\s,|"'<>]+|sparse\+/))
    .filter((word) => URL.canParse(word))
    .map((word) => new URL(word));
}
