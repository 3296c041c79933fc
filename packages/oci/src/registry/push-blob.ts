import { type Connection, headerOf } from './connection.js';
import { Patience } from './patience.js';
import { RegistryFailure } from './registry-failure.js';
import { isRetryable, pause, TRIES } from './retry.js';
import { pushScope } from './token-scopes.js';
import {
  askSession,
  type BlobSource,
  cancelUpload,
  finishUpload,
  sendRest,
  type Session,
  startUpload,
} from './upload-session.js';

export type BlobOutcome = 'mounted' | 'present' | 'uploaded';

/** Smaller blobs go in one request; of a larger one, a broken connection does not lose what arrived. */
const ONE_REQUEST = 4 * 1024 * 1024;
/** How often content that the registry finds different is sent. */
const DIGEST_TRIES = 2;

/** Makes a blob part of the repository: it is there already, is mounted from another repository, or is uploaded. */
export async function pushBlob(
  connection: Connection,
  blob: BlobSource,
  mountFrom: readonly string[],
): Promise<BlobOutcome> {
  if (await hasBlob(connection, blob)) return 'present';
  let session: Session | undefined;
  for (const from of mountFrom) {
    const started = await tryMount(connection, blob, from);
    // A mount that fails leaves a session; one is enough.
    if (session && started) await cancelUpload(connection, session);
    if (started === 'mounted') return 'mounted';
    session = started ?? session;
  }
  await uploadBlob(connection, blob, session);
  return 'uploaded';
}

/** A blob that the registry has in another size is damaged there and is sent again. */
async function hasBlob(
  connection: Connection,
  { digest, size }: BlobSource,
  patience?: Patience,
): Promise<boolean> {
  const request = {
    method: 'HEAD',
    to: `blobs/${digest}`,
    scopes: [pushScope(connection.repository)],
    expect: [200, 404],
  } as const;
  const answer = await connection.call(request, patience ? { patience } : {});
  const length = headerOf(answer, 'content-length');
  return answer.status === 200 && (length === undefined || length === String(size));
}

/** Registries refuse mounts in many ways, and none of them matters: the blob is uploaded then. */
async function tryMount(
  connection: Connection,
  { digest }: BlobSource,
  from: string,
): Promise<Session | 'mounted' | undefined> {
  try {
    return await startUpload(connection, { digest, from });
  } catch (error) {
    const refused =
      error instanceof RegistryFailure && (error.status ?? 500) < 500 && error.status !== 429;
    if (refused) return undefined;
    throw error;
  }
}

async function uploadBlob(
  connection: Connection,
  blob: BlobSource,
  first: Session | undefined,
): Promise<void> {
  const patience = new Patience(connection.access);
  const upload = new Upload(connection, blob, first, patience);
  try {
    await persist(connection, blob, upload, patience);
  } catch (error) {
    await upload.cancel();
    throw error;
  }
}

async function persist(
  connection: Connection,
  blob: BlobSource,
  upload: Upload,
  patience: Patience,
): Promise<void> {
  for (let tried = 1, different = 0; ; tried++) {
    try {
      return await upload.run();
    } catch (error) {
      different += Number(isDifferent(error));
      if (tried >= TRIES || different >= DIGEST_TRIES || !isRecoverable(error)) throw error;
      await pause(connection.access, patience, tried, error);
      // The answer to the last request may have been lost on its way.
      if (await hasBlob(connection, blob, patience)) return;
      if (await upload.recover(error)) tried = 0;
    }
  }
}

/** One blob on its way, over as many sessions as it takes. */
class Upload {
  readonly #connection: Connection;
  readonly #blob: BlobSource;
  readonly #patience: Patience;
  #session: Session | undefined;
  #reached = 0;

  constructor(
    connection: Connection,
    blob: BlobSource,
    session: Session | undefined,
    patience: Patience,
  ) {
    this.#connection = connection;
    this.#blob = blob;
    this.#session = session;
    this.#patience = patience;
  }

  async run(): Promise<void> {
    const { size } = this.#blob;
    const [connection, blob, patience] = [this.#connection, this.#blob, this.#patience];
    this.#session ??= (await startUpload(connection, undefined, patience)) as Session;
    while (size > ONE_REQUEST && this.#session.offset < size) {
      const before = this.#session.offset;
      this.#session = await sendRest(connection, this.#session, blob, patience);
      // The range in the answer is believed, not its status.
      const { offset } = this.#session;
      if (offset <= before || offset > size) throw this.#miscounted(offset);
    }
    await finishUpload(connection, this.#session, blob, patience);
  }

  /** Prepares for another try. True when the registry has more than it ever had. */
  async recover(error: unknown): Promise<boolean> {
    const { size } = this.#blob;
    const known = isDifferent(error) ? undefined : this.#session;
    this.#session = known && (await askSession(this.#connection, known, size, this.#patience));
    const reached = this.#session?.offset ?? 0;
    const isProgress = reached > this.#reached;
    if (isProgress) this.#patience.progressed();
    this.#reached = Math.max(this.#reached, reached);
    return isProgress;
  }

  async cancel(): Promise<void> {
    if (this.#session) await cancelUpload(this.#connection, this.#session);
  }

  #miscounted(offset: number): RegistryFailure {
    const { digest, size } = this.#blob;
    return new RegistryFailure(
      {
        code: 'REGISTRY_PROTOCOL',
        message: `The registry counts ${offset} of the ${size} bytes of ${digest} that it was sent`,
        hint: 'Check that no proxy before the registry changes uploads.',
      },
      { retryable: true },
    );
  }
}

const isDifferent = (error: unknown): boolean =>
  error instanceof RegistryFailure && error.codes.includes('DIGEST_INVALID');

/** Besides what passes: a session that is lost or that counts otherwise than we do. */
function isRecoverable(error: unknown): boolean {
  if (isRetryable(error) || isDifferent(error)) return true;
  if (!(error instanceof RegistryFailure)) return false;
  return error.status === 404 || error.status === 416 || error.codes.some(isSessionCode);
}

const isSessionCode = (code: string): boolean =>
  code === 'BLOB_UPLOAD_INVALID' || code === 'BLOB_UPLOAD_UNKNOWN';
