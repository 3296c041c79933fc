import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRelease } from '@nx-nixpack/channels';
import { channelAccess } from '../../../../sdk/src/system/channels/channel-access.js';
import { NIX_NAMES } from './nix-names.js';
import { nixPackage } from './nix-packages.js';

/** What one of the two releases has not, and the other has. */
const IN_ONE: readonly string[] = ['nim', 'wkhtmltopdf'];

describe('the table of Nix packages', () => {
  const storeDirectory = mkdtempSync(join(tmpdir(), 'nix-names-'));
  afterAll(() => rmSync(storeDirectory, { recursive: true }));

  it.each(['trixie', 'bookworm'])(
    'names packages that %s has',
    async (codename) => {
      const access = channelAccess({ storeDirectory });
      const release = await (await findRelease(codename, 'linux/amd64', access))?.open();
      const isThere = (name: string) => release?.candidate(name) !== undefined;
      const missing = Object.keys(NIX_NAMES).flatMap((name) => {
        const { run = [], build = [] } = nixPackage(name) ?? {};
        return [...run, ...build].filter((wish) => !wish.split(' | ').some(isThere));
      });
      expect(missing.filter((name) => !IN_ONE.includes(name))).toEqual([]);
    },
    120_000,
  );
});
