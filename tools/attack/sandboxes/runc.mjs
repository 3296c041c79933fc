import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf, rootDirectory } from './root-directory.mjs';

/** The profile that container engines share, from which Docker's differs as below. */
const PROFILE = '/usr/share/containers/seccomp.json';
const CAPABILITIES = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID'],
  ...['SETFCAP', 'SETPCAP', 'NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
].map((name) => `CAP_${name}`);

/** runc with Docker's default capabilities, masked paths and seccomp profile; it gets a network without a way out. */
export const runc = {
  name: 'runc (Docker defaults)',
  program: 'runc',
  async open(storage, layout) {
    await rootDirectory(layout, join(storage, 'rootfs'));
    execFileSync('runc', ['spec'], { cwd: storage });
    const path = join(storage, 'config.json');
    const spec = JSON.parse(readFileSync(path, 'utf8'));
    let number = 0;
    return {
      run(program, variables) {
        writeFileSync(path, JSON.stringify(configured(spec, program, variables)));
        const state = ['--root', join(storage, 'state')];
        const name = `attack-${number++}`;
        // An attack may freeze its own container, which then outlives the program that runs it.
        const end = () => spawnSync('runc', [...state, 'delete', '--force', name]);
        return outputOf('runc', [...state, 'run', name], { cwd: storage }).finally(end);
      },
      close: async () => {},
    };
  },
};

function configured(spec, program, variables) {
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const sets = ['bounding', 'effective', 'permitted'];
  return {
    ...spec,
    root: { path: 'rootfs', readonly: false },
    process: {
      ...spec.process,
      terminal: false,
      args: ['perl', '-e', program],
      env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', ...env],
      capabilities: Object.fromEntries(sets.map((set) => [set, CAPABILITIES])),
      noNewPrivileges: false,
    },
    linux: { ...spec.linux, ...(existsSync(PROFILE) ? { seccomp: profile() } : {}) },
  };
}

/** What Docker's own profile lets only those do who have CAP_SYS_ADMIN. */
const ADMIN_ONLY = [
  ...['bpf', 'clone', 'clone3', 'fanotify_init', 'fsconfig', 'fsmount', 'fsopen', 'fspick'],
  ...[
    'lookup_dcookie',
    'mount',
    'mount_setattr',
    'move_mount',
    'open_tree',
    'perf_event_open',
    'pivot_root',
  ],
  ...[
    'quotactl',
    'setdomainname',
    'sethostname',
    'setns',
    'syslog',
    'umount',
    'umount2',
    'unshare',
  ],
];
const NEW_NAMESPACES = { index: 0, value: 0x7e020000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' };

/** The rules of the profile that hold for these capabilities and this architecture. */
function profile() {
  const { defaultAction, archMap, syscalls } = JSON.parse(readFileSync(PROFILE, 'utf8'));
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const main = arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
  const map = archMap.find(({ architecture }) => architecture === main);
  const kept = syscalls.filter(
    ({ includes, excludes }) => holds(includes, arch, true) && !holds(excludes, arch, false),
  );
  const rules = kept.map(({ names, action, args }) => ({
    names: names.filter((name) => !ADMIN_ONLY.includes(name)),
    action,
    ...(args?.length ? { args } : {}),
  }));
  return {
    defaultAction,
    architectures: [map.architecture, ...map.subArchitectures],
    syscalls: [
      ...rules.filter(({ names, action }) => names.length > 0 && action === 'SCMP_ACT_ALLOW'),
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [NEW_NAMESPACES] },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
    ],
  };
}

function holds(rule, arch, otherwise) {
  if (rule === undefined || (!rule.caps && !rule.arches)) return otherwise;
  const capable = (rule.caps ?? []).every((one) => CAPABILITIES.includes(one));
  return capable && (rule.arches ?? [arch]).includes(arch);
}
