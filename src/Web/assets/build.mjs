// Copies what the pages load into ../wwwroot and bundles the scripts of ours. Everything is local: no page asks another host for anything.
import { build, transform } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'wwwroot');
const npm = join(here, 'node_modules');

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'fonts'), { recursive: true });

for (const subset of ['latin', 'vietnamese']) {
  for (const weight of [400, 600]) {
    const file = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
    await cp(join(npm, '@fontsource/be-vietnam-pro/files', file), join(out, 'fonts', file));
  }
}

for (const file of ['lt-so-400.woff2', 'lt-so-600.woff2', 'OFL.txt']) await cp(join(here, 'fonts', file), join(out, 'fonts', file));

// One style sheet for public pages, one more for the desk: two requests, both cached for ever under a fingerprint.
const css = async (...files) => (await Promise.all(files.map((f) => readFile(f, 'utf8')))).join('\n').replace(/\/\*# sourceMappingURL=.*?\*\//g, '');
const minify = async (name, text) => writeFile(join(out, name), (await transform(text, { loader: 'css', minify: true, legalComments: 'none' })).code);
await minify('site.css', await css(join(here, 'css/fonts.css'), join(here, 'css/lien-thong.css'), join(here, 'css/frame.css')));
await minify('desk.css', await css(join(npm, '@tabler/core/dist/css/tabler.min.css'), join(here, 'css/fonts.css'), join(here, 'css/lien-thong.css'), join(here, 'css/frame.css'), join(here, 'css/desk.css'), join(here, 'css/product.css')));

await cp(join(npm, 'htmx.org/dist/htmx.min.js'), join(out, 'htmx.js'));
await build({ entryPoints: [join(here, 'js/desk.js')], outfile: join(out, 'desk.js'), bundle: true, minify: true, target: 'es2020', format: 'iife' });
await build({ entryPoints: [join(here, 'js/passkeys.js')], outfile: join(out, 'passkeys.js'), bundle: true, minify: true, target: 'es2020', format: 'iife' });
await build({ entryPoints: [join(here, 'js/charts.js')], outfile: join(out, 'charts.js'), bundle: true, minify: true, target: 'es2020', format: 'iife' });
await build({ entryPoints: [join(here, 'js/verify.js')], outfile: join(out, 'verify.js'), bundle: true, minify: true, target: 'es2022', format: 'iife' });
await minify('verify.css', await css(join(here, 'css/verify.css')));
await writeFile(join(out, 'robots.txt'), 'User-agent: *\nDisallow: /dang-nhap\nDisallow: /api\n');
