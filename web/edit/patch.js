// A patch: [[text that stands in a file once, what to put there], ...]. That each fits the original, the build has seen to.

/** The file with the patch applied. */
export function patched(file, patch) {
  return patch.reduce((text, [find, replacement]) => text.replace(find, () => replacement), file);
}
