/** What a user proves who they are with. Values never appear in a log, an error or an image. */
export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** Is exchanged for an access token at the registry's token server (`identitytoken`, user `<token>`). */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** Is sent as it is (`registrytoken`). */
  | { readonly kind: 'registry-token'; readonly token: string };

export interface FoundCredentials {
  readonly credentials: Credentials;
  /** Where they come from, for the log: `helper ecr-login`, `~/.docker/config.json`. */
  readonly origin: string;
}

/** Finds credentials. A registry that asks for none is never looked up. */
export interface CredentialSource {
  /** `registry` is `host[:port]`. Throws UserError REGISTRY_AUTH when credentials are configured and cannot be had. */
  find(registry: string, repository: string): Promise<FoundCredentials | undefined>;
}

export const anonymous: CredentialSource = { find: () => Promise.resolve(undefined) };
