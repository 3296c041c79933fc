/** What steps with network are lent: variables, and files that vanish with the step. In no key, no layer and no log. */
export interface Lent {
  readonly env?: Readonly<Record<string, string>>;
  /** By absolute path in the step. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** The same of a client's own settings, which are text. */
export interface LentSettings extends Lent {
  readonly files?: Readonly<Record<string, string>>;
}

/** What is known of the host when a step starts. */
export interface HostKnowledge {
  /** Proxies and mirrors, without credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** The certificates that the host trusts, PEM. */
  readonly caBundle?: Uint8Array;
}

/** A configuration file of a client on the host: what of it may be lent. Never credentials. */
export interface ClientFile {
  /** Below the home directory of the user, or absolute; the first that is there is read. */
  readonly places: readonly string[];
  /** What the text says of mirrors, and nothing else of it; '' when there is no file. `env`: what the environment says. */
  readonly lend: (text: string, env: Readonly<Record<string, string>>) => LentSettings;
}

/** How the programs of one language are told of proxies, mirrors and certificates. */
export interface LanguageFacts {
  readonly language: string;
  /** Variables that hold the path of the PEM file. */
  readonly certificates?: readonly string[];
  /** Variables of the host that are passed on; `*` at the end stands for any rest. */
  readonly passedOn?: readonly string[];
  readonly file?: ClientFile;
  /** What follows from the proxies, the mirrors and the certificates. */
  readonly follows?: (known: HostKnowledge) => Lent;
}

/** Where steps find the certificates, PEM. */
export const CA_FILE = '/run/secrets/ca.crt';
/** Where they find what else is lent. */
export const LENT = '/run/nixpack/lent';

/** Neither a user nor a password stands in it. */
export const isPublicUrl = (text: string): boolean =>
  /^https?:\/\/[^\s"'<>\\]+$/.test(text) && !/\/\/[^/]*@/.test(text) && !text.includes('${');
