export {
  byteStringOf,
  bytesOf,
  compareBytes,
  compareText,
  decodeText,
  encodeText,
  bytes,
  shownPath,
} from './byte-string.js';
export type { ByteString } from './byte-string.js';
export { canonicalJson } from './canonical-json.js';
export { commitFile, syncDirectory } from './commit-file.js';
export { describeProblem, UserError } from './errors.js';
export type { ErrorCode, Position, Problem } from './errors.js';
export { readFileBytes, walk } from './file-tree.js';
export type { Entry, EntryType, FileTree } from './file-tree.js';
export { isObject } from './json-object.js';
export type { JsonObject } from './json-object.js';
export { followLinks, resolveEntry } from './links.js';
export type { Place, Terrain } from './links.js';
export { isLoopback } from './loopback.js';
export { memoryTree } from './memory-tree.js';
export type { MemoryFile } from './memory-tree.js';
export {
  baseName,
  directoriesAbove,
  globOf,
  isWithin,
  joinPath,
  normalizePath,
  parentOf,
  relativeTo,
} from './path.js';
export { silent } from './ports.js';
export type {
  Command,
  CommandResult,
  HttpRequest,
  HttpResponse,
  HttpTransport,
  Progress,
  Runner,
} from './ports.js';
export { folderProblem, openPlainFile, readOpened, readPlainFile } from './plain-file.js';
export type { OpenedFile, PlainFileOptions, Unreadable } from './plain-file.js';
export { quote } from './quote.js';
export { redactor } from './redactor.js';
export { sanitize } from './sanitize.js';
export { excerpt, publicText, secretsRead } from './secrets-read.js';
export { quoteWord } from './shell-quote.js';
export { byKey } from './sorted-record.js';
export { didYouMean, nearest } from './suggest.js';
export { inWorkspace, workspacePath } from './workspace-path.js';
export type { WorkspacePath } from './path.js';
