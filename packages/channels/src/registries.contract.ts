import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { HttpRequest, HttpTransport } from '@nx-nixpack/base';
import { packageText, signedSuite } from '@nx-nixpack/testing';
import type { ChannelAccess } from './channel.js';
import { recordHash } from './go/transparent-log.js';
import { moduleHash } from './go/module-hash.js';

export const HOST = 'https://channels.example.com';

/** Files by their address below HOST: a function answers in its own words. */
export type Files = Record<string, Uint8Array | string | undefined>;

const hex = (method: string, bytes: Uint8Array | string): string =>
  createHash(method).update(bytes).digest('hex');

/** Every registry at once, small: each has one thing in two versions. */
export async function registries(): Promise<{ files: Files; access: ChannelAccess }> {
  const files: Files = { ...npm(), ...pypi(), ...maven() };
  const { debianKeys, ...debian } = await debianFiles();
  const { verifier, ...go } = goFiles();
  Object.assign(files, debian, go);
  const mirrors = Object.fromEntries(
    ['debian', 'npm', 'pypi', 'go', 'maven'].map((name) => [
      name,
      [{ url: `${HOST}/${name}/`, next: 'any' as const }],
    ]),
  );
  const kept = new Map<string, Uint8Array>();
  const trust = {
    debianKeys: [debianKeys as unknown as Uint8Array],
    debianExpiry: true,
    goChecksums: { verifier: verifier as string, url: `${HOST}/db/`, except: [] },
  };
  const memory = {
    read: (name: string) => kept.get(name),
    write: (name: string, content: Uint8Array) => void kept.set(name, content),
  };
  return { files, access: { transport: serving(files), mirrors, trust, memory } };
}

export const serving = (files: Files): HttpTransport => ({
  request: ({ url, method }: HttpRequest) => {
    const found = files[url.href.slice(HOST.length + 1)];
    const bytes = Buffer.from(found ?? '');
    const type = url.pathname.endsWith('/tool/') ? 'application/vnd.pypi.simple.v1+json' : '';
    return Promise.resolve({
      status: found === undefined ? 404 : 200,
      headers: { 'content-length': String(bytes.length), 'content-type': type },
      body: bodyOf(method === 'HEAD' ? Buffer.alloc(0) : bytes),
    });
  },
});

async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function npm(): Files {
  const files: Files = {};
  const versions: Record<string, unknown> = {};
  for (const version of ['1.10.0', '1.9.0']) {
    const bytes = `npm ${version}`;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const tarball = `https://elsewhere.example.com/tool/-/tool-${version}.tgz`;
    versions[version] = { name: 'tool', dist: { tarball, integrity } };
    files[`npm/tool/-/tool-${version}.tgz`] = bytes;
  }
  return { ...files, 'npm/tool': JSON.stringify({ versions }) };
}

function pypi(): Files {
  const files: Files = {};
  const listed = ['1.10.0', '1.9.0'].map((version) => {
    const filename = `tool-${version}-py3-none-manylinux2014_x86_64.whl`;
    const bytes = `wheel ${version}`;
    files[`files/${filename}`] = bytes;
    const url = `../../files/${filename}`;
    return { filename, url, hashes: { sha256: hex('sha256', bytes) }, size: bytes.length };
  });
  return { ...files, 'pypi/tool/': JSON.stringify({ files: listed }) };
}

function maven(): Files {
  const files: Files = {};
  for (const version of ['1.10.0', '1.9.0']) {
    const path = `maven/org/example/tool/${version}/tool-${version}.jar`;
    files[path] = `jar ${version}`;
    files[`${path}.sha1`] = hex('sha1', `jar ${version}`);
    if (version === '1.10.0') files[`${path}.sha512`] = hex('sha512', `jar ${version}`);
  }
  const metadata = '<version>1.10.0</version><version>1.9.0</version>';
  return { ...files, 'maven/org/example/tool/maven-metadata.xml': metadata };
}

/** A zip of one stored file, without a checksum: the hash of the tree is what is looked at. */
export function zipOf(name: string, content: string): Buffer {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(content.length, 0);
  sizes.writeUInt32LE(content.length, 4);
  const length = Buffer.of(name.length & 255, name.length >> 8);
  const local = Buffer.concat([
    ...[Buffer.from('504b0304', 'hex'), Buffer.alloc(14), sizes, length, Buffer.alloc(2)],
    Buffer.from(name + content),
  ]);
  const entry = Buffer.concat([
    ...[Buffer.from('504b0102', 'hex'), Buffer.alloc(16), sizes, length, Buffer.alloc(16)],
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** A module in two versions, and a log of two records that says what they are. */
function goFiles(): Files {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = Buffer.concat([
    Buffer.of(1),
    publicKey.export({ format: 'der', type: 'spki' }).subarray(12),
  ]);
  const name = 'sum.example.com';
  const hash = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4);
  const files: Files = { 'go/example.com/tool/@v/list': 'v1.10.0\nv1.9.0\n' };
  const records = ['v1.10.0', 'v1.9.0'].map((version) => {
    const zip = zipOf(`example.com/tool@${version}/go.mod`, 'module tool');
    files[`go/example.com/tool/@v/${version}.zip`] = zip;
    return `example.com/tool ${version} h1:${moduleHash(zip)}\n`;
  });
  const leaves = records.map(recordHash);
  const root = createHash('sha256').update(Buffer.of(1)).update(Buffer.concat(leaves)).digest();
  const tree = `go.sum database tree\n2\n${root.toString('base64')}\n`;
  const signature = Buffer.concat([hash, sign(null, Buffer.from(tree), privateKey)]);
  const note = `${tree}\n— ${name} ${signature.toString('base64')}\n`;
  records.forEach((record, id) => {
    const version = record.split(' ')[1] ?? '';
    files[`db/lookup/example.com/tool@${version}`] = `${id}\n${record}\n${note}`;
  });
  files['db/tile/8/0/000.p/2'] = Buffer.concat(leaves);
  return { ...files, verifier: `${name}+${hash.toString('hex')}+${key.toString('base64')}` };
}

async function debianFiles(): Promise<Files> {
  const packages = ['1.10.0', '1.9.0'].map((version) => packageText('tool', version)).join('\n');
  const { inRelease, key, packed } = await signedSuite('trixie', packages);
  return {
    debianKeys: key,
    'debian/dists/trixie/InRelease': inRelease,
    'debian/dists/trixie/main/binary-amd64/Packages.gz': packed,
    'debian/pool/main/t/tool/tool_1.10.0_amd64.deb': 'deb tool 1.10.0',
    'debian/pool/main/t/tool/tool_1.9.0_amd64.deb': 'deb tool 1.9.0',
  };
}
