import {
  createCleartextMessage,
  generateKey,
  readPrivateKey,
  sign,
  type PrivateKey,
} from 'openpgp';
import { signedText } from './signed-text.js';

const DAY = 24 * 3600;
const TEXT = 'Codename: trixie\n- dashed\nSHA256:\n 00 1 main/Packages\n';
const PLAIN = TEXT.trimEnd();

async function signer(keyExpirationTime = 0, date = new Date()) {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name: 'Archive' }],
    format: 'armored',
    keyExpirationTime,
    date,
  });
  const key = await readPrivateKey({ armoredKey: privateKey });
  return { key, ring: Buffer.from(publicKey) };
}
const signed = async (text: string, key: PrivateKey, date = new Date()): Promise<string> =>
  sign({ message: await createCleartextMessage({ text }), signingKeys: key, date });

const ago = (days: number): Date => new Date(Date.now() - days * DAY * 1000);

describe('signedText', () => {
  let trusted: Awaited<ReturnType<typeof signer>>;
  let message: string;
  beforeAll(async () => {
    trusted = await signer();
    message = await signed(TEXT, trusted.key);
  });
  const read = (text: string, ring = trusted.ring, frozen = false) =>
    signedText('it', text, [ring], { frozen });

  it('gives the text without what escapes its dashes', async () => {
    expect((await read(message)).trimEnd()).toBe(PLAIN);
  });

  it.each<[string, (text: string) => string]>([
    ['before it', (text) => `Codename: forky\n\n${text}`],
    ['behind it', (text) => `${text}\nCodename: forky\n`],
    ['among its headers', (text) => text.replace('Hash: ', 'Codename: forky\nHash: ')],
    ['as a header', (text) => text.replace('\n\n', '\nCodename: forky\n\n')],
    [
      'between text and signature',
      (text) => text.replace('\n-----BEGIN PGP SIG', '\nCodename: forky$&'),
    ],
  ])('takes nothing of what stands %s', async (_what, framed) => {
    const found = await read(framed(message)).catch((error: { code: string }) => error.code);
    expect([PLAIN, 'ARCHIVE_INVALID']).toContain(found.trimEnd());
  });

  it('takes one message alone, and none of a stranger in front of it', async () => {
    const stranger = await signed('Codename: forky', (await signer()).key);
    const found = async (text: string) => read(text).catch((error: { code: string }) => error.code);
    expect(['TOOLCHAIN_UNAVAILABLE', 'ARCHIVE_INVALID']).toContain(await found(stranger + message));
    expect([PLAIN, 'ARCHIVE_INVALID']).toContain((await found(message + stranger)).trimEnd());
  });

  it('believes no key that has expired, whenever it signed, unless the mirror is frozen', async () => {
    const old = await signer(10 * DAY, ago(20));
    const then = await signed(TEXT, old.key, ago(15));
    await expect(read(then, old.ring)).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringMatching(/expired/),
    });
    expect((await read(then, old.ring, true)).trimEnd()).toBe(PLAIN);
  });
});
