import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { userCache } from './cache.mjs';
import { run, SetupError } from './command.mjs';

/** The SPDX project's own validators: what both accept, is a valid document. */
const PYTHON = { name: 'spdx-tools', version: '0.8.5' };
const JAVA = {
  path: 'org/spdx/tools-java/2.0.1/tools-java-2.0.1-jar-with-dependencies.jar',
  sha256: '91199aea28398c0f7f3d53f65437c0123fb763b65faacd55375839b1a05c73cd',
};
const MAVEN = process.env.MAVEN_REPOSITORY ?? 'https://repo1.maven.org/maven2';

/**
 * What is wrong with an SPDX document, by both validators. They are installed into the user's cache when they are missing.
 *
 * @returns {Promise<(document: string) => Promise<string[]>>}
 */
export async function spdxValidators() {
  const folder = join(userCache(), 'spdx');
  const validators = [await pythonValidator(folder), await javaValidator(folder)];
  return async (document) => {
    const results = await Promise.all(validators.map((validate) => validate(document)));
    return results.flat();
  };
}

async function pythonValidator(folder) {
  const place = join(folder, `${PYTHON.name}-${PYTHON.version}`);
  const stamp = join(place, 'installed');
  if (!existsSync(stamp)) {
    rmSync(place, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', place]);
    await run(join(place, 'bin', 'pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `${PYTHON.name}==${PYTHON.version}`,
    ]);
    writeFileSync(stamp, '');
  }
  return (document) => complaints(join(place, 'bin', 'pyspdxtools'), ['--infile', document]);
}

async function javaValidator(folder) {
  const jar = join(folder, `${JAVA.sha256}.jar`);
  if (!isIntact(jar)) await download(jar);
  // Without this it asks for the newest license list first.
  const local = '-DSPDXParser.OnlyUseLocalLicenses=true';
  return (document) => complaints('java', [local, '-jar', jar, 'Verify', document]);
}

/** apt's own downloader: it knows the machine's proxies and certificates, and checks the hash. */
async function download(jar) {
  mkdirSync(dirname(jar), { recursive: true });
  const part = `${jar}.${process.pid}`;
  const source = `${MAVEN}/${JAVA.path}`;
  await run('/usr/lib/apt/apt-helper', ['download-file', source, part, `SHA256:${JAVA.sha256}`]);
  if (!isIntact(part)) throw new SetupError(`${source} is not what it was`, 'Do not use it.');
  renameSync(part, jar);
}

const isIntact = (file) =>
  existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === JAVA.sha256;

async function complaints(program, args) {
  const { code, stdout, stderr } = await run(program, args, { mayFail: true });
  return code === 0 ? [] : [`${program} ${code}: ${`${stdout}${stderr}`.trim().slice(-2000)}`];
}
