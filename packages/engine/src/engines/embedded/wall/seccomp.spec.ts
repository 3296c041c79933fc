import { ALLOW, DONE, familyOf, NO_FAMILY, NOT_THERE, seccompFilter } from './seccomp.js';
import {
  AUDIT_ARCH,
  FAMILIES,
  NEWEST_KNOWN,
  refusedCalls,
  unneededCalls,
  type Architecture,
} from './syscalls.js';

/** What the kernel does with a filter, for the instructions that ours uses. */
function verdict(filter: Buffer, arch: number, number: number, argument = 0): number {
  const data = new Map([
    [0, number],
    [4, arch],
    [16, argument],
  ]);
  let accumulator = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const [code, value] = [filter.readUInt16LE(at), filter.readUInt32LE(at + 4)];
    if (code === 0x20) accumulator = data.get(value) ?? Number.NaN;
    else if (code === 0x06) return value;
    else at += 8 * filter.readUInt8(at + (holds(code, accumulator, value) ? 2 : 3));
  }
  throw new Error('the filter ends without a verdict');
}

function holds(code: number, left: number, right: number): boolean {
  if (code === 0x15) return left === right;
  if (code === 0x25) return left > right;
  if (code === 0x35) return left >= right;
  throw new Error(`instruction ${code}`);
}

describe('seccompFilter', () => {
  const filter = seccompFilter(['x64', 'ia32', 'arm64']);
  const architectures: readonly Architecture[] = ['x64', 'ia32', 'arm64'];

  it.each(architectures)('refuses exactly what is listed on %s', (architecture) => {
    const arch = AUDIT_ARCH[architecture];
    const calls = Array.from({ length: NEWEST_KNOWN + 1 }, (_none, number) => number);
    const withVerdict = (wanted: number) =>
      calls.filter((number) => verdict(filter, arch, number, 2) === wanted);
    expect(withVerdict(NOT_THERE)).toEqual(refusedCalls(architecture));
    expect(withVerdict(DONE)).toEqual(unneededCalls(architecture));
    expect(withVerdict(ALLOW)).toHaveLength(
      calls.length - refusedCalls(architecture).length - unneededCalls(architecture).length,
    );
  });

  it('refuses calls that are newer than its list, and the x32 calls', () => {
    for (const arch of architectures.map((one) => AUDIT_ARCH[one]))
      expect(verdict(filter, arch, NEWEST_KNOWN + 1)).toBe(NOT_THERE);
    expect(verdict(filter, AUDIT_ARCH.x64, 0x40000000)).toBe(NOT_THERE);
  });

  it('refuses programs of other architectures', () => {
    expect(verdict(seccompFilter(familyOf('arm64')), AUDIT_ARCH.x64, 0)).toBe(NOT_THERE);
    expect(verdict(seccompFilter(familyOf('x64')), AUDIT_ARCH.ia32, 4)).toBe(ALLOW);
  });

  it.each([
    ['x64', 41],
    ['x64', 53],
    ['ia32', 359],
    ['ia32', 360],
    ['arm64', 198],
    ['arm64', 199],
  ] as const)('lets %s open sockets of few families with call %d', (architecture, socket) => {
    const families = Array.from({ length: 64 }, (_none, family) => family);
    const open = families.filter(
      (family) => verdict(filter, AUDIT_ARCH[architecture], socket, family) === ALLOW,
    );
    expect(open).toEqual(FAMILIES);
    expect(verdict(filter, AUDIT_ARCH[architecture], socket, 40)).toBe(NO_FAMILY);
  });
});
