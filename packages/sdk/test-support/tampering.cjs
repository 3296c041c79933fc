// What a cache, or whoever else may write to it, can do to a file or a folder: { path, other, older }, where `other` is the same
// of another component and `older` that of an older build. For the specs and for e2e.
const { execFileSync } = require('node:child_process');
const {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');

/** What is done to a file or a folder alike. */
const TO_BOTH = {
  'swapped for that of another component': ({ path, other }) => replace(path, other),
  'that of an older build': ({ path, older }) => replace(path, older),
  deleted: ({ path }) => rmSync(path, { recursive: true }),
  'a link to what it was': ({ path }) => {
    renameSync(path, `${path}.real`);
    symlinkSync(`${path}.real`, path);
  },
  'a FIFO': ({ path }) => {
    rmSync(path, { recursive: true });
    execFileSync('mkfifo', [path]);
  },
};

/** Everything that is done to a file which a cache or another process may have had in its hands. */
const FILE_TAMPERINGS = {
  ...TO_BOTH,
  'with another first byte': ({ path }) => flip(path, 0),
  'with another byte in the middle': ({ path }) => flip(path, 0.5),
  'with another last byte': ({ path }) => flip(path, 1),
  truncated: ({ path }) => truncateSync(path, lstatSync(path).size - 1),
  longer: ({ path }) => writeFileSync(path, '\n', { flag: 'a' }),
  empty: ({ path }) => truncateSync(path, 0),
  'a directory': ({ path }) => {
    rmSync(path);
    mkdirSync(path);
  },
  'a link to a device': ({ path }) => {
    rmSync(path);
    symlinkSync('/dev/zero', path);
  },
};

const FOLDER_TAMPERINGS = {
  ...TO_BOTH,
  emptied: ({ path }) => {
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  },
  'a file': ({ path }) => {
    rmSync(path, { recursive: true });
    writeFileSync(path, '{}');
  },
};

function replace(path, source) {
  rmSync(path, { recursive: true });
  cpSync(source, path, { recursive: true });
}

/** Changes one bit at a fraction of the file. */
function flip(path, fraction) {
  const bytes = readFileSync(path);
  const at = Math.floor((bytes.byteLength - 1) * fraction);
  bytes[at] ^= 1;
  writeFileSync(path, bytes);
}

module.exports = { FILE_TAMPERINGS, FOLDER_TAMPERINGS };
