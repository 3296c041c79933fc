import { aptSourcesFor } from './apt-sources.js';

const deb822 = `Types: deb
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: https://third.example/node
Suites: nodistro
Signed-By: /usr/share/keyrings/third.gpg
`;

describe('aptSourcesFor', () => {
  it('keeps what mirrors the release of the base, and nothing of third parties', () => {
    const files = [
      { name: 'debian.sources', content: deb822 },
      {
        name: 'sources.list',
        content: 'deb [arch=amd64] http://m.example/d bookworm-security main\n',
      },
      { name: 'cloud.list', content: 'deb https://cloud.example/apt cloud-bookworm main\n' },
    ];
    expect(aptSourcesFor(files, 'bookworm')).toEqual([
      {
        name: 'debian.sources',
        content:
          'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n',
      },
      {
        name: 'sources.list',
        content: 'deb [arch=amd64] http://m.example/d bookworm-security main\n',
      },
    ]);
  });

  it('leaves the sources of another release alone', () => {
    expect(aptSourcesFor([{ name: 'debian.sources', content: deb822 }], 'trixie')).toEqual([]);
    expect(aptSourcesFor([{ name: 'debian.sources', content: deb822 }], '')).toEqual([]);
  });
});
