import { type MemoryFile, memoryTree } from '@nx-nixpack/base';
import fc from 'fast-check';
import { catalogWith, foundBy, itKeepsTheCatalogerContract } from '../cataloger.contract.js';
import { goExecutable, oldGoExecutable, otherExecutable } from '../go/go-executable.sample.js';
import { go } from './go.js';

const MODULES = [
  'path\texample.com/shop/worker',
  'mod\texample.com/shop/worker\t(devel)\t',
  `dep\tgithub.com/Masterminds/semver/v3\tv3.2.0\th1:${Buffer.alloc(32, 1).toString('base64')}`,
  'dep\texample.com/old\tv1.0.0',
  '=>\texample.com/new\tv2.0.0\th1:x',
  'dep\texample.com/local\tv0.0.0',
  '=>\t./local\t(devel)\t',
  'build\tCGO_ENABLED=0',
  'build\t-ldflags="-s -w"',
  '',
].join('\n');
const executable = (bytes: Uint8Array): MemoryFile => ({ executable: bytes });
const find = (files: Record<string, MemoryFile>) => catalogWith(go, memoryTree(files));

describe('go', () => {
  itKeepsTheCatalogerContract(
    go,
    {
      '/app/out': executable(goExecutable('go1.26.1', MODULES)),
      '/usr/bin/perl': executable(otherExecutable()),
    },
    { '/app/broken': executable(damaged()) },
  );

  it.each([
    ['inline', goExecutable],
    ['by address', oldGoExecutable],
  ])('reads build information that is stored %s', (_, make) => {
    expect(foundBy(find({ '/app/out': executable(make('go1.26.1', MODULES)) }))).toEqual([
      'example.com/local@v0.0.0',
      'example.com/new@v2.0.0',
      'example.com/shop/worker@',
      'github.com/Masterminds/semver/v3@v3.2.0',
      'stdlib@1.26.1',
    ]);
  });

  it('keeps hashes, build settings and what a replacement replaces', () => {
    const { findings, edges } = find({
      '/app/out': executable(goExecutable('go1.26.1 X:x', MODULES)),
    });
    const details = Object.fromEntries(findings.map((one) => [one.package.name, one.package]));
    expect(details['example.com/shop/worker']?.properties).toEqual({
      'go:setting:CGO_ENABLED': '0',
      'go:setting:-ldflags': '-s -w',
    });
    expect(details['github.com/Masterminds/semver/v3']).toMatchObject({
      purl: 'pkg:golang/github.com/Masterminds/semver/v3@v3.2.0',
      hashes: [{ algorithm: 'sha-256', hex: '01'.repeat(32) }],
      supplier: 'github.com/Masterminds',
    });
    expect(details['example.com/new']?.properties).toEqual({ 'go:replaces': 'example.com/old' });
    expect(edges).toHaveLength(4);
  });

  it('knows the toolchain of a program without modules', () => {
    expect(foundBy(find({ '/usr/bin/x': executable(goExecutable('go1.19.8', '')) }))).toEqual([
      'stdlib@1.19.8',
    ]);
  });

  it.each([
    ['inline', goExecutable],
    ['by address', oldGoExecutable],
  ])('survives any damage to information that is stored %s', (_, make) => {
    const sound = make('go1.26.1', MODULES);
    const damage = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Buffer.from(sound);
        for (const [at, byte] of changes) bytes[at] = byte;
        find({ '/app/out': executable(bytes) });
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('passes over files that are not executable, other programs and scripts', () => {
    const { findings, problems } = find({
      '/app/data': goExecutable('go1.26.1', MODULES),
      '/bin/other': executable(otherExecutable('\xff Go buildinf')),
      '/bin/script': executable(
        Buffer.concat([Buffer.from('#!/bin/sh\n'), Buffer.alloc(300 * 1024, 35)]),
      ),
    });
    expect([findings, problems]).toEqual([[], []]);
  });
});

/** The length of the version leads past the end. */
function damaged(): Uint8Array {
  const bytes = Buffer.from(goExecutable('go1.26.1', MODULES));
  bytes.fill(0xff, bytes.indexOf('go1.26.1') - 1, bytes.indexOf('go1.26.1') + 8);
  return bytes;
}
