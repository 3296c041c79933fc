import type { BuildPlan } from '@nx-nixpack/plan';
import { nixFiles } from './nix-files.js';
import { nixpacksDockerfile } from './nixpacks-dockerfile.js';

// What nixpacks 1.41.0 writes for this plan, without blank lines.
const PLAN: BuildPlan = {
  buildImage: 'base:1',
  variables: { A: '1', B: '2' },
  staticAssets: { 'a.txt': 'x' },
  phases: {
    setup: {
      nixPkgs: ['b', 'a', 'a'],
      nixLibs: ['zlib', 'openssl.dev', 'openssl'],
      nixOverlays: ['http://o2', 'http://o1'],
      nixpkgsArchive: 'bbb',
      onlyIncludeFiles: ['./x', '/abs'],
      aptPkgs: ['git'],
    },
    build: {
      dependsOn: ['setup'],
      nixLibs: ['curl'],
      nixpkgsArchive: 'aaa',
      aptPkgs: ['curl'],
      cacheDirectories: ['~/.x', 'rel/.y', '/abs z'],
      cmds: ['echo "hi" \\ x', 'second'],
      paths: ['/p', '/q'],
    },
  },
  start: { cmd: 'say "x" \\n' },
};

const linesOf = (plan: BuildPlan, cacheKey?: string): readonly string[] =>
  nixpacksDockerfile(plan, cacheKey === undefined ? {} : { cacheKey })
    .split('\n')
    .filter((line) => line !== '');

describe('nixpacksDockerfile', () => {
  it('writes every part in its order', () => {
    expect(linesOf(PLAN, 'my key.v1')).toEqual([
      'FROM base:1',
      'ENTRYPOINT ["/bin/bash", "-l", "-c"]',
      'WORKDIR /app/',
      'COPY ./x /app/x',
      'COPY /abs /abs',
      'COPY .nixpacks/nixpkgs-aaa.nix .nixpacks/nixpkgs-aaa.nix',
      'RUN nix-env -if .nixpacks/nixpkgs-aaa.nix && nix-collect-garbage -d',
      'COPY .nixpacks/nixpkgs-bbb.nix .nixpacks/nixpkgs-bbb.nix',
      'RUN nix-env -if .nixpacks/nixpkgs-bbb.nix && nix-collect-garbage -d',
      'RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends curl git',
      'COPY .nixpacks/assets /assets/',
      'ARG A B',
      'ENV A=$A B=$B',
      '# setup phase',
      '# noop',
      '# build phase',
      'ENV NIXPACKS_PATH=/p:/q:$NIXPACKS_PATH',
      'COPY . /app/.',
      ...['echo "hi" \\ x', 'second'].map(
        (command) =>
          `RUN --mount=type=cache,id=my-keyv1-/root/x,target=/root/.x --mount=type=cache,id=my-keyv1-rel/y,target=/app/rel/.y --mount=type=cache,id=my-keyv1-/abs-z,target=/abs z ${command}`,
      ),
      "RUN printf '\\nPATH=/p:/q:$PATH' >> /root/.profile",
      '# start',
      'COPY . /app',
      'CMD ["say \\"x\\" \\n"]',
    ]);
  });

  it('has no mounts without a cache key, and two spaces in their place', () => {
    expect(linesOf(PLAN)).toContain('RUN  second');
  });

  it('copies into a run image, with a user', () => {
    const start = { runImage: 'slim', user: 'u', onlyIncludeFiles: ['./bin/a', '/b'], cmd: 'a' };
    expect(linesOf({ start }).slice(-10)).toEqual([
      'FROM slim',
      'ENTRYPOINT ["/bin/bash", "-l", "-c"]',
      'WORKDIR /app/',
      'COPY --from=0 /etc/ssl/certs /etc/ssl/certs',
      'RUN true',
      'COPY --from=0 /app/bin/a /app/bin/a',
      'COPY --from=0 /b /b',
      'RUN useradd -m -s /bin/bash u',
      'USER u',
      'CMD ["a"]',
    ]);
    expect(linesOf({ start: { runImage: 'slim' } })).toContain('COPY --from=0 /app/ /app/');
  });

  it('copies nothing for an empty list of files, and has no CMD without a command', () => {
    expect(linesOf({ phases: { a: { cmds: ['x'], onlyIncludeFiles: [] } } }).slice(3)).toEqual([
      '# a phase',
      'RUN  x',
      '# start',
      'COPY . /app',
    ]);
  });
});

describe('nixFiles', () => {
  const files = nixFiles(PLAN);

  it('are one an archive, sorted, with packages and libraries sorted and overlays as listed', () => {
    expect(files.map(({ text: _text, ...facts }) => facts)).toEqual([
      {
        path: '.nixpacks/nixpkgs-aaa.nix',
        archive: 'aaa',
        overlays: [],
        libs: ['curl'],
        pkgs: [],
        openssl: undefined,
      },
      {
        path: '.nixpacks/nixpkgs-bbb.nix',
        archive: 'bbb',
        overlays: ['http://o2', 'http://o1'],
        libs: ['openssl', 'openssl.dev', 'zlib'],
        pkgs: ['a', 'a', 'b'],
        openssl: 'openssl.dev',
      },
    ]);
  });

  it('say so as an expression', () => {
    expect(files[1]?.text).toContain('nixpkgs/archive/bbb.tar.gz');
    expect(files[1]?.text).toContain(
      'overlays = [ (import (fetchTarball "http://o2")) (import (fetchTarball "http://o1")) ];',
    );
    expect(files[1]?.text).toContain('lib.makeLibraryPath [ openssl openssl.dev zlib ]');
    expect(files[1]?.text).toContain('export OPENSSL_DIR="${openssl.dev.dev}"');
    expect(files[1]?.text).toContain('paths = [ profile a a b ];');
    expect(files[0]?.text).not.toContain('OPENSSL');
  });
});
