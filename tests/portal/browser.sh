#!/bin/sh
# Find a Chromium for the browser tests, or install Debian's where that is possible; say so when it is not.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
	echo "Installing Chromium for the browser tests..."
	if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium fonts-dejavu-core; } >/dev/null 2>&1; then exit 0; fi
fi
echo "No Chromium here and none can be installed: the browser tests will be skipped, with this reason." >&2
exit 0
