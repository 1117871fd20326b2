// What is shown before anything is asked.

export const start = { show };

async function show({ paint }) {
  paint();
  return "";
}
