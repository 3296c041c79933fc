/** Downloads a release of the Gleam compiler into /usr/bin. Argument: the version. */
export const GET_GLEAM = `#!/bin/sh
set -eu

version="$1"
archive="gleam-v$version-$(arch)-unknown-linux-musl.tar.gz"

cd "$(mktemp -d)"
wget -q "https://github.com/gleam-lang/gleam/releases/download/v$version/$archive"
tar -xzf "$archive" -C /usr/bin gleam
`;
