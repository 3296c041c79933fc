export interface Question {
  /** Of CHANNELS: for messages. */
  readonly channel: string;
  readonly url: URL;
  /** Bytes of the answer, at most. */
  readonly limit: number;
  readonly accept?: string;
  /** Ask for the length alone. */
  readonly head?: boolean;
  /** The address whose answer named this one, where it is not what the machine is configured with. */
  readonly namedBy?: URL;
}

export interface Answer {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** What the answer says of the length, which for `head` is all there is of it. */
  readonly length: number | undefined;
}
