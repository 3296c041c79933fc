/** What an install command may consist of, when nothing but manifests and locks decides what it leaves. */
const FLAGS = String.raw`(?: --?[a-z][a-z-]*(?:=[\w.:/-]+)?)*`;
const PACKAGE = String.raw`(?:@[\w.-]+/)?[\w.-]+(?:@[\w.^~-]+)?`;
const PARTS = [
  String.raw`npm (?:i|install|add) (?:-g|--global)(?: ${PACKAGE})+`,
  String.raw`corepack (?:enable|prepare)(?: ${PACKAGE})*(?: --activate)?`,
  String.raw`npm (?:ci|i|install|clean-install)${FLAGS}`,
  String.raw`yarn(?: install)?${FLAGS}`,
  String.raw`pnpm (?:i|install)${FLAGS}`,
  String.raw`bun (?:i|install)${FLAGS}`,
  String.raw`(?:python -m venv --copies /opt/venv|\. /opt/venv/bin/activate)`,
  String.raw`(?:python3? -m )?pip install${FLAGS} -r requirements\.txt${FLAGS}`,
  String.raw`go mod download`,
] as const;
const KNOWN = new RegExp(`^(?:${PARTS.join('|')})$`);
/** Options that name files or run what lies in the source. */
const ELSEWHERE =
  /--(?:prefix|cwd|dir|modules-folder|userconfig|find-links|constraint|editable|workspace|filter)\b/;

/** Whether commands of the user's own read the usual manifests of a package manager and nothing else of the source. */
export const readsManifestsOnly = (commands: readonly string[]): boolean =>
  commands.length > 0 &&
  commands.every((command) =>
    command
      .split('&&')
      .map((part) => part.trim().replace(/\s+/g, ' '))
      .every((part) => KNOWN.test(part) && !ELSEWHERE.test(part)),
  );
