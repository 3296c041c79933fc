import { type MemoryFile, memoryTree } from '@nx-nixpack/base';
import { catalogWith, foundBy, itKeepsTheCatalogerContract } from '../cataloger.contract.js';
import { runtime } from './runtime.js';

const HEADER =
  '#define NODE_MAJOR_VERSION 22\n#define NODE_MINOR_VERSION 23\n#define NODE_PATCH_VERSION 3\n';
const find = (files: Record<string, MemoryFile>) => catalogWith(runtime, memoryTree(files));

describe('runtime', () => {
  itKeepsTheCatalogerContract(
    runtime,
    { '/usr/local/bin/node': 'binary', '/usr/local/include/node/node_version.h': HEADER },
    { '/opt/node/bin/node': 'something else' },
  );

  it('reads the version of Node.js from its header, else from the address of its own release', () => {
    expect(
      foundBy(
        find({ '/usr/local/bin/node': '', '/usr/local/include/node/node_version.h': HEADER }),
      ),
    ).toEqual(['node@22.23.3']);
    expect(
      foundBy(
        find({
          '/usr/local/bin/node':
            '\0https://nodejs.org/download/release/v24.1.0/node-v24.1.0.tar.gz\0',
        }),
      ),
    ).toEqual(['node@24.1.0']);
  });

  it('reads the version of Python from its header, else from the interpreter', () => {
    const library = { '/opt/py/lib/python3.12/os.py': '' };
    expect(
      foundBy(
        find({
          ...library,
          '/opt/py/bin/python3.12': '',
          '/opt/py/include/python3.12/patchlevel.h': '#define PY_VERSION  "3.12.4+"\n',
        }),
      ),
    ).toEqual(['python@3.12.4']);
    expect(foundBy(find({ ...library, '/opt/py/bin/python3.12': '3.12.9 \x003.12.1\0' }))).toEqual([
      'python@3.12.1',
    ]);
  });

  it('passes over links, virtual environments and the Node.js of an npm package', () => {
    const { findings, problems } = find({
      '/usr/bin/node': { link: '../local/bin/node' },
      '/opt/venv/bin/python3.12': 'copy',
      '/opt/venv/pyvenv.cfg': 'home = /usr',
      '/opt/venv/lib/python3.12/os.py': '',
      '/app/node_modules/node22/bin/node': '',
    });
    expect([findings, problems]).toEqual([[], []]);
  });

  it('finds what the toolchain noted and the image has, and nothing that is gone', () => {
    const program = (name: string, place: string) => ({
      runtime: name,
      version: '2.9.6',
      archive: { channel: 'npm', name, version: '2.9.6', integrity: 'sha512-x' },
      places: [place],
    });
    const programs = [
      program('deno', '/opt/deno'),
      program('bun', '/opt/bun'),
      program('zig', '/opt/zig'),
      program('zig', '/opt/zig/lib'),
      program('npm', '/usr/local/lib/node_modules/npm'),
    ];
    const files = {
      '/usr/share/nixpack/toolchain.json': JSON.stringify({ schemaVersion: 1, programs }),
      '/opt/deno/deno': '',
      '/opt/zig/zig': '',
      '/opt/zig/lib/std.zig': '',
      // This has a manifest of npm, and is found by that.
      '/usr/local/lib/node_modules/npm/package.json': '{}',
    };
    expect(foundBy(find(files))).toEqual(['deno@2.9.6', 'zig@2.9.6']);
  });

  it('reports a note of the toolchain that it cannot read', () => {
    const { findings, problems } = find({ '/usr/share/nixpack/toolchain.json': '[]' });
    expect([findings.length, problems.length]).toEqual([0, 1]);
  });
});
