/**
 * Serves a site of several pages: `/about` is about.html or about/index.html, and what is not there is the site's own page 404.
 * Both variables are read at start.
 */
const PAGES_CADDYFILE = `{
	admin off
	persist_config off
	auto_https off
}

:{$PORT:3000} {
	root * "/app/{$NIXPACKS_SPA_OUTPUT_DIR}"
	encode gzip
	try_files {path} {path}.html {path}/index.html
	file_server
	handle_errors {
		rewrite * /{err.status_code}.html
		file_server
	}
}
`;

export const PAGES_ASSETS = { Caddyfile: PAGES_CADDYFILE } as const;
