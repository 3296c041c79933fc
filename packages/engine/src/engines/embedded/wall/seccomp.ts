import {
  AUDIT_ARCH,
  FAMILIES,
  NEWEST_KNOWN,
  refusedCalls,
  SOCKETS,
  unneededCalls,
  X32_CALLS,
  type Architecture,
} from './syscalls.js';

/** Operation codes of classic BPF, and where `struct seccomp_data` has what they look at (linux/filter.h, linux/seccomp.h). */
const LOAD = 0x20;
const EQUAL = 0x15;
const GREATER = 0x25;
const AT_LEAST = 0x35;
const RETURN = 0x06;
const NUMBER = 0;
const ARCH = 4;
const FIRST_ARGUMENT = 16;

export const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
/** As if the kernel were too old to have the call: programs have a way around that, or say so. */
export const NOT_THERE = ERRNO | 38;
/** As if the kernel had done it. */
export const DONE = ERRNO | 0;
/** The answer for a socket of another family: EAFNOSUPPORT. */
export const NO_FAMILY = ERRNO | 97;

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, value: number];

const load = (offset: number): Instruction => [LOAD, 0, 0, offset];
const give = (verdict: number): Instruction => [RETURN, 0, 0, verdict];
/** The verdict when the test holds; the next instruction otherwise. */
const when = (test: number, value: number, verdict: number): Instruction[] => [
  [test, 0, 1, value],
  give(verdict),
];

/**
 * The seccomp filter of a step, as an array of `struct sock_filter`: calls that reach beyond a step, calls that are
 * newer than this list and sockets of other families than a build needs end in an error; everything else is allowed.
 */
export function seccompFilter(architectures: readonly Architecture[]): Buffer {
  const parts = architectures.flatMap((architecture) => {
    const rules = rulesFor(architecture);
    const other: Instruction = [EQUAL, 0, rules.length, AUDIT_ARCH[architecture]];
    return [other, ...rules];
  });
  return encode([load(ARCH), ...parts, give(NOT_THERE)]);
}

/** What the programs of an image for `architecture` may be made for. */
export const familyOf = (architecture: 'x64' | 'arm64'): readonly Architecture[] =>
  architecture === 'x64' ? ['x64', 'ia32'] : ['arm64'];

function rulesFor(architecture: Architecture): Instruction[] {
  return [
    load(NUMBER),
    ...(architecture === 'x64' ? when(AT_LEAST, X32_CALLS, NOT_THERE) : []),
    ...when(GREATER, NEWEST_KNOWN, NOT_THERE),
    ...refusedCalls(architecture).flatMap((number) => when(EQUAL, number, NOT_THERE)),
    ...unneededCalls(architecture).flatMap((number) => when(EQUAL, number, DONE)),
    ...SOCKETS[architecture].flatMap(socketRules),
    give(ALLOW),
  ];
}

function socketRules(number: number): Instruction[] {
  const families = FAMILIES.flatMap((family) => when(EQUAL, family, ALLOW));
  const rules = [load(FIRST_ARGUMENT), ...families, give(NO_FAMILY)];
  return [[EQUAL, 0, rules.length, number], ...rules];
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, whenTrue, whenFalse, value], index) => {
    const at = index * 8;
    bytes.writeUInt16LE(code, at);
    bytes.writeUInt8(whenTrue, at + 2);
    // Throws when a jump is too far for a byte, so that the list cannot grow into a wrong filter.
    bytes.writeUInt8(whenFalse, at + 3);
    bytes.writeUInt32LE(value >>> 0, at + 4);
  });
  return bytes;
}
