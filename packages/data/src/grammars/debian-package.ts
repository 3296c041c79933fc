const NAME = '[a-z0-9][a-z0-9+.-]*[a-z0-9+.]';
const ARCHITECTURE = '[a-z0-9]+(?:-[a-z0-9]+)*';
const VERSION = '[A-Za-z0-9][A-Za-z0-9.+:~-]*';

/**
 * A package as apt-get takes it: a name (Debian policy 5.6.7), an architecture and an exact version if need be, `curl`,
 * `curl:arm64`, `curl=8.5.0-2`. Nothing that apt-get reads as an option, and no hyphen at the end, which removes a package.
 */
export const DEBIAN_PACKAGE = new RegExp(`^${NAME}(?::${ARCHITECTURE})?(?:=${VERSION})?$`);
