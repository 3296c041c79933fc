import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DEPLOYMENT_FILES, workspaceFacts, workspaceFiles } from './workspace-files.js';

describe('workspaceFiles', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'workspace-'))));
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (...paths: string[]) => {
    for (const path of paths) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), path);
    }
  };
  const found = (glob: string) => workspaceFiles(root, glob).map(({ path }) => path);

  it('finds deployment files at any depth, sorted, and nothing else', () => {
    write(
      'deployments/b.yml',
      'deployments/a.yaml',
      'deployments/team/x/c.yaml',
      'deployments/note.md',
      'other/d.yaml',
    );
    expect(found(DEPLOYMENT_FILES)).toEqual([
      'deployments/a.yaml',
      'deployments/b.yml',
      'deployments/team/x/c.yaml',
    ]);
  });

  it('keeps a star inside its segment', () => {
    write('infra/x.yaml', 'infra/deep/y.yaml');
    expect(found('infra/*.yaml')).toEqual(['infra/x.yaml']);
  });

  it('knows classes, as the patterns of a deployment file do, and takes no longer for any pattern', () => {
    write('infra/a.yaml', 'infra/b.yaml', `infra/${'a'.repeat(60)}.yaml`);
    expect(found('infra/[ab].yaml')).toEqual(['infra/a.yaml', 'infra/b.yaml']);
    expect(found(`infra/${'*a'.repeat(20)}*b`)).toEqual([]);
  });

  it('finds nothing where there is no such folder', () => {
    expect(found(DEPLOYMENT_FILES)).toEqual([]);
  });

  it('tells what is named like a deployment file and is none, and never waits for it', () => {
    write('deployments/real.yaml', 'deployments/folder.yaml/inner.yaml');
    execFileSync('mkfifo', [join(root, 'deployments/fifo.yaml')]);
    symlinkSync('nowhere', join(root, 'deployments/dangling.yaml'));
    symlinkSync('cycle.yaml', join(root, 'deployments/cycle.yaml'));
    symlinkSync('/etc/hostname', join(root, 'deployments/outside.yaml'));
    symlinkSync('real.yaml', join(root, 'deployments/link.yaml'));
    const all = workspaceFiles(root, DEPLOYMENT_FILES);
    const problems = all.flatMap((file) => ('problem' in file ? [file.problem] : []));
    expect(all.flatMap((file) => ('content' in file ? [file.path] : []))).toEqual([
      'deployments/folder.yaml/inner.yaml',
      'deployments/link.yaml',
      'deployments/real.yaml',
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      'The deployment file deployments/cycle.yaml is a link in a cycle',
      'The deployment file deployments/dangling.yaml is a link that leads nowhere',
      'The deployment file deployments/fifo.yaml is a FIFO, not a file',
      'The deployment file deployments/folder.yaml is a directory, not a file',
      'The deployment file deployments/outside.yaml is a link that leads out of the workspace',
    ]);
    expect(problems.every(({ code }) => code === 'CONFIG_NOT_A_FILE')).toBe(true);
  });

  it('reads no more of a file than it is told', () => {
    write('deployments/long.yaml');
    expect(workspaceFiles(root, DEPLOYMENT_FILES, 4)).toEqual([
      { path: 'deployments/long.yaml', content: Buffer.from('depl') },
    ]);
  });

  it('calls only real directories of the workspace its own', () => {
    write('services/api/x');
    symlinkSync(tmpdir(), join(root, 'outside'));
    const { isDirectory, leavesWorkspace } = workspaceFacts(root);
    expect(isDirectory('services/api')).toBe(true);
    expect(isDirectory('services/api/x')).toBe(false);
    expect(isDirectory('services/none')).toBe(false);
    expect(isDirectory('outside')).toBe(false);
    expect(leavesWorkspace('outside')).toBe(true);
    expect(leavesWorkspace('services/api')).toBe(false);
  });
});
