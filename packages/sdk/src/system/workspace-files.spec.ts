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

  it('finds nothing where there is no such folder', () => {
    expect(found(DEPLOYMENT_FILES)).toEqual([]);
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
