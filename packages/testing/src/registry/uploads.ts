import type { Contents } from './contents.js';
import { type Exchange, failure, readAll, type Reply, sha256 } from './exchange.js';
import { demand } from './violation.js';

interface Session {
  readonly repository: string;
  chunks: Buffer[];
  size: number;
  /** Changes with every answer; a request with an older one is refused, as docker-registry does. */
  state: number;
}

/** Upload sessions: what arrived stays when a connection breaks, so that a client can go on. */
export class Uploads {
  readonly #contents: Contents;
  readonly #sessions = new Map<string, Session>();
  #next = 0;

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  get open(): number {
    return this.#sessions.size;
  }

  /** Sessions vanish, as after a restart of the registry. */
  forget(): void {
    this.#sessions.clear();
  }

  async start(exchange: Exchange, repository: string): Promise<Reply> {
    const { query, headers } = exchange;
    demand(headers['content-length'] === '0', 'POST that begins an upload has Content-Length: 0');
    await readAll(exchange.body);
    const mount = query.get('mount');
    const from = query.get('from');
    if (mount !== null && from !== null && this.#contents.mount(repository, from, mount))
      return created(repository, mount);
    const id = `session-${++this.#next}`;
    const session = { repository, chunks: [], size: 0, state: 0 };
    this.#sessions.set(id, session);
    return accepted(202, id, session);
  }

  async continue(exchange: Exchange, repository: string, id: string): Promise<Reply> {
    const session = this.#sessions.get(id);
    if (session === undefined || session.repository !== repository)
      return failure(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
    if (exchange.method === 'GET') return accepted(204, id, session);
    if (exchange.method === 'DELETE') return this.#cancel(id);
    if (exchange.query.get('_state') !== String(session.state))
      return failure(404, 'BLOB_UPLOAD_INVALID', 'stale _state');
    const refused = rangeProblem(exchange, session);
    if (refused) return refused;
    if (exchange.method === 'PATCH') return this.#append(exchange, id, session);
    if (exchange.method === 'PUT') return this.#finish(exchange, id, session);
    return failure(405, 'UNSUPPORTED');
  }

  #cancel(id: string): Reply {
    this.#sessions.delete(id);
    return { status: 204 };
  }

  async #append(exchange: Exchange, id: string, session: Session): Promise<Reply> {
    await receive(exchange, session);
    return accepted(202, id, session);
  }

  async #finish(exchange: Exchange, id: string, session: Session): Promise<Reply> {
    const digest = exchange.query.get('digest');
    demand(digest !== null, 'PUT that ends an upload names the digest');
    await receive(exchange, session);
    const bytes = Buffer.concat(session.chunks);
    if (sha256(bytes) !== digest) {
      this.#sessions.delete(id);
      return failure(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
    }
    this.#contents.addBlob(session.repository, bytes);
    this.#sessions.delete(id);
    return created(session.repository, digest);
  }
}

async function receive(exchange: Exchange, session: Session): Promise<void> {
  const type = exchange.headers['content-type'];
  for await (const chunk of exchange.body) {
    demand(type === 'application/octet-stream', `Content-Type ${type} of blob bytes`);
    session.chunks.push(chunk);
    session.size += chunk.length;
  }
}

/** `Content-Range: FROM-TO` must go on where the session ends. */
function rangeProblem({ headers }: Exchange, session: Session): Reply | undefined {
  const text = headers['content-range'];
  if (text === undefined) return undefined;
  const range = /^(\d+)-(\d+)$/.exec(text);
  demand(range !== null, `Content-Range ${text} has another form`);
  const length = Number(range[2]) - Number(range[1]) + 1;
  demand(headers['content-length'] === String(length), `Content-Range ${text} and Content-Length`);
  return Number(range[1]) === session.size ? undefined : failure(416, 'BLOB_UPLOAD_INVALID');
}

function accepted(status: number, id: string, session: Session): Reply {
  session.state += 1;
  const location = `/v2/${session.repository}/blobs/uploads/${id}?_state=${session.state}`;
  return {
    status,
    headers: { location, range: `0-${Math.max(0, session.size - 1)}`, 'docker-upload-uuid': id },
  };
}

const created = (repository: string, digest: string): Reply => ({
  status: 201,
  headers: { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest },
});
