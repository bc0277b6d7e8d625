#!/bin/sh
# Put the axe-core of axe.lock into the environment (.venv/share), checked by its hash; say so when that cannot be done.
here=$(dirname "$0")
read -r name version integrity <"$here/axe.lock"
target=.venv/share/axe-core/$version
if [ -f "$target/axe.min.js" ]; then exit 0; fi
if ! command -v npm >/dev/null 2>&1; then
	echo "No npm here: the tests of accessibility by axe will be skipped, with this reason." >&2
	exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if ! npm pack "$name@$version" --silent --pack-destination "$scratch" >/dev/null 2>&1; then
	echo "axe-core could not be fetched: the tests of accessibility by axe will be skipped, with this reason." >&2
	exit 0
fi
found=sha512-$(openssl dgst -sha512 -binary "$scratch"/*.tgz | base64 | tr -d '\n')
if [ "$found" != "$integrity" ]; then
	echo "The axe-core that was fetched is not the one of axe.lock." >&2
	exit 1
fi
tar -xzf "$scratch"/*.tgz -C "$scratch"
mkdir -p "$(dirname "$target")"
mv "$scratch/package" "$target"
