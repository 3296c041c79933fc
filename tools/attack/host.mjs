/** What there is on the host to be attacked, made for the purpose: the suite harms nothing else. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const CANARY = 'nixpack canary\n';
const ADDRESS = '198.51.100.77';
const LINK_LOCAL = '169.254.77.7';
/** Of a bridge with nothing attached, like docker0 on most machines. */
const IDLE_ADDRESS = '198.51.100.78';
const BRIDGE = 'nixattack0';
const DEVICE_BYTES = 1024 * 1024;
const CGROUPS = [
  '/sys/fs/cgroup/freezer',
  '/sys/fs/cgroup/devices',
  '/sys/fs/cgroup/unified',
  '/sys/fs/cgroup',
];
const VISIBLE = ['/dev/shm', '/tmp', '/run', '/var/tmp'];

const run = (file, ...args) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const quietly = (file, ...args) => spawnSync(file, args, { stdio: 'ignore' });

/** @returns {Promise<Host>} to be closed when the attacks are done */
export async function openHost() {
  const host = new Host();
  try {
    await host.open();
  } catch (error) {
    await host.close();
    throw error;
  }
  return host;
}

class Host {
  name = `nixpack-attack-${randomBytes(4).toString('hex')}`;
  directory = mkdtempSync('/srv/nixpack-attack-');
  #servers = [];
  #groups = [];
  #hostName = readFileSync('/proc/sys/kernel/hostname', 'utf8');
  #sharedKey = randomBytes(3).readUIntBE(0, 3) + 1;

  async open() {
    writeFileSync(join(this.directory, 'canary'), CANARY);
    for (const place of VISIBLE) writeFileSync(join(place, this.name), CANARY);
    this.#makeDevice();
    quietly('ip', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo');
    quietly('ip', 'address', 'add', `${LINK_LOCAL}/32`, 'dev', 'lo');
    quietly('ip', 'link', 'add', BRIDGE, 'type', 'bridge');
    quietly('ip', 'address', 'add', `${IDLE_ADDRESS}/32`, 'dev', BRIDGE);
    quietly('ip', 'link', 'set', BRIDGE, 'up');
    this.port = await this.#listen({ host: '127.0.0.1', port: 0 });
    for (const address of [ADDRESS, LINK_LOCAL, IDLE_ADDRESS])
      await this.#listen({ host: address, port: this.port });
    await this.#listen({ path: join(this.directory, 'socket') });
    await this.#listen({ path: `\0${this.name}` });
    this.freePort = await this.#unusedPort();
    run('keyctl', 'add', 'user', this.name, 'secret', '@u');
    run(
      'perl',
      '-e',
      'shmget($ARGV[0], 4096, 01666) // die $!; msgget($ARGV[0], 01666) // die $!',
      String(this.#sharedKey),
    );
    await this.#startVictim();
  }

  /** What the attacks are told. */
  variables() {
    return {
      HOST_DIRECTORY: this.directory,
      CANARY_NAME: this.name,
      LOOP_MINOR: /\d+$/.exec(this.device)[0],
      PORT: String(this.port),
      FREE_PORT: String(this.freePort),
      HOST_ADDRESS: ADDRESS,
      LINK_LOCAL,
      IDLE_ADDRESS,
      ABSTRACT: this.name,
      VICTIM: `${this.name}-victim`,
      VICTIM_PID: String(this.victim.pid),
      KEY_NAME: this.name,
      NEW_KEY: `${this.name}-new`,
      SHARED_KEY: String(this.#sharedKey),
      LEFTOVER: `${this.name}-leftover`,
    };
  }

  get canary() {
    return CANARY.trim();
  }

  deviceChanged() {
    const changed = readFileSync(join(this.directory, 'disk')).some((byte) => byte !== 0);
    if (changed) this.#makeDevice();
    return changed;
  }

  /** Dead, stopped or frozen; another one takes its place. */
  async victimGone() {
    await delay(50);
    const gone = this.victim.exitCode !== null || this.victim.signalCode !== null || this.#frozen();
    if (!gone) return false;
    this.#thaw();
    this.victim.kill('SIGKILL');
    await this.#startVictim();
    return true;
  }

  hasKey() {
    const found = spawnSync('keyctl', ['search', '@u', 'user', `${this.name}-new`]);
    return found.status === 0;
  }

  /** Whether another user can start a program that a build has made set-user-ID. */
  reachesSetUserId(storage) {
    const found = run('find', storage, '-xdev', '-name', 'attack-shell', '-perm', '-4000');
    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    return found
      .split('\n')
      .filter(Boolean)
      .some((path) => spawnSync('setpriv', [...nobody, 'test', '-x', path]).status === 0);
  }

  async hasLeftover() {
    await delay(300);
    const left = this.#processes((line) => line.includes(`${this.name}-leftover`));
    for (const pid of left) process.kill(pid, 'SIGKILL');
    return left.length > 0;
  }

  renamed() {
    const changed = readFileSync('/proc/sys/kernel/hostname', 'utf8') !== this.#hostName;
    if (changed) writeFileSync('/proc/sys/kernel/hostname', this.#hostName);
    return changed;
  }

  reachesFreePort() {
    return new Promise((answer) => {
      const socket = connect({ host: '127.0.0.1', port: this.freePort });
      socket
        .on('connect', () => answer(true))
        .on('error', () => answer(false))
        .on('connect', () => socket.destroy());
    });
  }

  async close() {
    this.victim?.kill('SIGKILL');
    for (const server of this.#servers) server.close();
    if (this.device) quietly('losetup', '-d', this.device);
    quietly('ip', 'address', 'del', `${ADDRESS}/32`, 'dev', 'lo');
    quietly('ip', 'address', 'del', `${LINK_LOCAL}/32`, 'dev', 'lo');
    quietly('ip', 'link', 'del', BRIDGE);
    quietly('keyctl', 'purge', 'user', this.name);
    quietly('keyctl', 'purge', 'user', `${this.name}-new`);
    quietly('ipcrm', '-M', String(this.#sharedKey), '-Q', String(this.#sharedKey));
    await delay(50);
    for (const group of this.#groups) if (existsSync(group)) tryTo(() => rmdirSync(group));
    for (const place of VISIBLE) rmSync(join(place, this.name), { force: true });
    rmSync(this.directory, { recursive: true, force: true });
  }

  #makeDevice() {
    writeFileSync(join(this.directory, 'disk'), Buffer.alloc(DEVICE_BYTES));
    this.device ??= run('losetup', '--find', '--show', join(this.directory, 'disk'));
  }

  #listen(where) {
    const server = createServer((socket) => socket.on('error', () => {}).end(CANARY));
    this.#servers.push(server);
    return new Promise((done, fail) => {
      server.once('error', fail).listen(where, () => done(server.address()?.port));
    });
  }

  async #unusedPort() {
    const port = await this.#listen({ host: '127.0.0.1', port: 0 });
    await new Promise((done) => this.#servers.pop().close(done));
    return port;
  }

  async #startVictim() {
    this.victim = spawn('perl', ['-e', 'sleep 1 while 1', `${this.name}-victim`], {
      stdio: 'ignore',
    });
    for (const parent of CGROUPS) {
      const group = join(parent, 'nixpack-attack');
      if (!existsSync(join(parent, 'cgroup.procs'))) continue;
      tryTo(() => mkdirSync(group, { recursive: true }));
      tryTo(() => writeFileSync(join(group, 'cgroup.procs'), String(this.victim.pid)));
      this.#groups.push(group);
    }
    await delay(50);
  }

  #frozen() {
    const states = this.#groups.map(
      (group) => text(join(group, 'freezer.state')) + text(join(group, 'cgroup.freeze')),
    );
    return (
      states.some((state) => /FR[OE]*ZEN|FREEZING|^1/.test(state)) ||
      /^\d+ \(.*\) T/.test(text(`/proc/${this.victim.pid}/stat`))
    );
  }

  #thaw() {
    for (const group of this.#groups) {
      tryTo(
        () =>
          existsSync(join(group, 'freezer.state')) &&
          writeFileSync(join(group, 'freezer.state'), 'THAWED'),
      );
      tryTo(
        () =>
          existsSync(join(group, 'cgroup.freeze')) &&
          writeFileSync(join(group, 'cgroup.freeze'), '0'),
      );
    }
  }

  #processes(matches) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
      .filter((pid) => matches(text(`/proc/${pid}/cmdline`)))
      .map(Number);
  }
}

function text(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function tryTo(action) {
  try {
    action();
  } catch {
    // Not every machine has every hierarchy.
  }
}
