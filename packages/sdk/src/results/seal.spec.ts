import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSeal, writeSeal, type SealOptions } from './seal.js';

const RECORD = Buffer.from('{}\n');
const KEY = 'a key of at least thirty-two bytes';
const withKey = (key: string): SealOptions => ({ environment: { NX_NIXPACK_RESULT_KEY: key } });

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'seal-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (options: SealOptions = {}) => writeSeal(folder, 'image', RECORD, options);
const check = (options: SealOptions = {}, record = RECORD, kind: 'image' | 'sbom' = 'image') =>
  checkSeal(folder, kind, 'build-image', record, options);
const required = (options: SealOptions): SealOptions => ({ ...options, requireSigned: true });
const REJECTED = expect.objectContaining({ code: 'CACHE_RESULT_REJECTED' }) as Error;
const MISSING_KEY = expect.objectContaining({ code: 'CONFIG_INVALID_VALUE' }) as Error;

describe('the seal of a record', () => {
  it('tells without a key that the record was changed', () => {
    write();
    check();
    expect(() => check({}, Buffer.from('{ }\n'))).toThrow(REJECTED);
    rmSync(join(folder, 'seal'));
    expect(() => check()).toThrow(REJECTED);
  });

  it('can be made with the key alone', () => {
    write(withKey(KEY));
    check(required(withKey(KEY)));
    expect(() => check(withKey(`${KEY}2`))).toThrow(REJECTED);
    expect(() => check(required(withKey(KEY)), Buffer.from('x'))).toThrow(REJECTED);
    // The seal of an image is none of an SBOM with the same bytes.
    expect(() => check(required(withKey(KEY)), RECORD, 'sbom')).toThrow(REJECTED);
  });

  it('must be made with the key where that is required, by whoever has the key', () => {
    write();
    check(withKey(KEY));
    expect(() => check(required(withKey(KEY)))).toThrow(/is not signed/);
    expect(() => check(required({}))).toThrow(MISSING_KEY);
    write(withKey(KEY));
    expect(() => check(required({}))).toThrow(MISSING_KEY);
    check();
  });

  it('never shows the key', () => {
    write(withKey(KEY));
    expect(readFileSync(join(folder, 'seal'), 'utf8')).toMatch(/^hmac-sha256 [0-9a-f]{64}\n$/);
    expect(() => write(withKey('short secret'))).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('secret') as string,
      }) as Error,
    );
  });

  it('takes the key from a file too, without the line break at its end', () => {
    const path = join(folder, 'key');
    writeFileSync(path, `${KEY}\n`);
    write({ environment: { NX_NIXPACK_RESULT_KEY_FILE: path } });
    check(required(withKey(KEY)));
    const missing = { environment: { NX_NIXPACK_RESULT_KEY_FILE: '/dev/null' } };
    expect(() => write(missing)).toThrow(MISSING_KEY);
  });
});
