import { bytes, type ByteString, memoryTree } from '@nx-nixpack/base';
import { ImageView, Unreadable } from './image-view.js';

const view = new ImageView(
  memoryTree({
    '/usr/bin/sh': 'shell',
    '/usr/share/gone': { link: 'nowhere' },
    '/bin': { link: 'usr/bin' },
    '/app/up': { link: '../../../../usr/./bin/' },
    '/app/absolute': { link: '/bin//sh' },
    '/loop/a': { link: 'b' },
    '/loop/b': { link: '/loop/a' },
    '/loop/self': { link: 'self/deeper' },
    '/latin1': new Uint8Array([0xe9]),
    '/marked': '\uFEFF{}',
  }),
);

describe('ImageView', () => {
  it.each([
    ['bin/sh', 'usr/bin/sh'],
    ['app/up/sh', 'usr/bin/sh'],
    ['app/absolute', 'usr/bin/sh'],
    ['app/up/../lib', undefined],
    ['app/up/../bin/sh', 'usr/bin/sh'],
    ['usr/share/gone', undefined],
    ['loop/a', undefined],
    ['loop/self', undefined],
    ['', ''],
  ])('follows links of %j within the image', (path, expected) => {
    expect(view.resolve(path as ByteString)).toBe(expected);
  });

  it('reads text as UTF-8 without its mark', () => {
    expect(view.text(bytes`bin/sh`)).toBe('shell');
    expect(view.text(bytes`marked`)).toBe('{}');
    expect(() => view.text(bytes`latin1`)).toThrow(new Unreadable('is not UTF-8'));
  });

  it('reads no directories and nothing that is absent', () => {
    expect(() => view.text(bytes`usr`)).toThrow(Unreadable);
    expect(() => view.open(bytes`gone`)).toThrow(Unreadable);
    expect([...view.list(bytes`bin`)].map((entry) => entry.path)).toEqual(['usr/bin/sh']);
  });
});
