import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitFile } from './commit-file.js';

describe('commitFile', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'commit-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('makes the folders on the way and replaces what is there', () => {
    const path = join(directory, 'a', 'b.json');
    commitFile(path, 'old');
    commitFile(path, Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(directory, 'a'))).toEqual(['b.json']);
  });

  it('gives the mode that is asked for', () => {
    const path = join(directory, 'secret');
    commitFile(path, 'x', 0o600);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves the old content and no temporary file when it cannot finish', () => {
    const path = join(directory, 'taken');
    commitFile(join(path, 'child'), 'x');
    expect(() => commitFile(path, 'y')).toThrow();
    expect(readdirSync(directory)).toEqual(['taken']);
    writeFileSync(join(path, 'child'), 'still there');
  });
});
