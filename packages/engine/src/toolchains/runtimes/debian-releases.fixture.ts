import type { Archive } from '@nx-nixpack/channels';
import type { RuntimeSources } from './runtime.js';

/** A part of what Debian's releases and Maven had in November 2026, for specs that ask nobody. */
const DEBIAN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  trixie: {
    rustc: '1.85.1+dfsg1-1+deb13u1',
    'openjdk-21-jdk-headless': '21.0.13+9-1~deb13u2',
    'openjdk-25-jdk-headless': '25.0.5+8-1~deb13u1',
    leiningen: '2.10.0-5',
    'ruby3.3': '3.3.8-2',
    'ruby-bundler': '2.6.7-2',
    'php8.4-fpm': '8.4.27-1~deb13u1',
    'php8.4-curl': '8.4.27-1~deb13u1',
    'php8.4-mysql': '8.4.27-1~deb13u1',
    'php8.4-redis': '6.2.0-1',
    'php8.4-xml': '8.4.27-1~deb13u1',
    'systemd-standalone-tmpfiles': '257.8-1~deb13u1',
    nginx: '1.26.3-3+deb13u10',
    caddy: '2.6.2-12+deb13u1',
    elixir: '1.18.3.dfsg-1',
    'erlang-base': '1:27.3.4.1+dfsg-1+deb13u4',
    'erlang-hex': '2.0.6-2',
    ghc: '9.6.6-4',
    'haskell-stack': '2.15.7-1',
    crystal: '1.14.0+dfsg-1',
    shards: '0.19.0-1',
    swiftlang: '6.0.3-2',
    gnucobol3: '3.2-3',
    'guile-3.0': '3.0.10+really3.0.10-4',
  },
  bookworm: {
    rustc: '1.63.0+dfsg1-2',
    'openjdk-17-jdk-headless': '17.0.19+10-1~deb12u2',
    'ruby3.1': '3.1.2-7+deb12u1',
    'ruby-bundler': '2.3.15-2+deb12u1',
    'php8.2-fpm': '8.2.32-1~deb12u1',
    elixir: '1.14.0.dfsg-2',
    ghc: '9.0.2-4',
    'haskell-stack': '2.7.5-2',
    crystal: '1.6.0+dfsg-3',
    gnucobol3: '3.1.2-5+b1',
  },
  bullseye: {
    rustc: '1.48.0+dfsg1-2',
    'openjdk-11-jdk-headless': '11.0.24+8-2~deb11u1',
    'openjdk-17-jdk-headless': '17.0.12+7-2~deb11u1',
    'ruby2.7': '2.7.4-1+deb11u1',
    'ruby-bundler': '2.2.5-2',
    'php7.4-fpm': '7.4.33-1+deb11u5',
    elixir: '1.10.3.dfsg-1.1',
  },
  forky: {
    rustc: '1.97.1+dfsg1-1',
    'openjdk-26-jdk-headless': '26.0.2.1+1-1',
    'openjdk-27-jdk-headless': '27~34ea-1',
    haunt: '0.4.0-1',
    'guile-3.0': '3.0.11-2+b1',
  },
};
const MAVEN: Readonly<Record<string, readonly string[]>> = {
  'org.apache.maven:apache-maven:tar.gz:bin': ['3.9.10', '3.9.9', '3.9.11', '4.0.0-rc-4', '3.6.3'],
  'org.scala-sbt:sbt-launch': ['1.9.7', '1.11.7', '2.0.0', '1.10.0-RC1'],
};

/** Sources of one release that answer from the table above. */
export const releaseSources = (
  release: string,
  more: Partial<RuntimeSources> = {},
): RuntimeSources => ({
  versions: (channel, name) => {
    const version = DEBIAN[release]?.[name];
    const debian = version === undefined ? [] : [version];
    return Promise.resolve(channel === 'debian' ? debian : (MAVEN[name] ?? []));
  },
  archive: (channel, name, version) => Promise.resolve(archiveOf(channel, name, version)),
  reachable: () => Promise.resolve(false),
  release,
  arch: 'x64',
  others: [],
  isFinal: false,
  ...more,
});

const archiveOf = (channel: string, name: string, version: string): Archive => ({
  id: `${channel}:${name}@${version}`,
  channel,
  name,
  version,
  integrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  size: 1,
  path: `${name}/${version}`,
});
