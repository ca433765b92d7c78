
(() => {
  'use strict';
  document.documentElement.classList.add('scripted');

  // Columns sort by a click on their heading, which becomes a button.
  for (const table of document.querySelectorAll('table.sortable')) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = heading.textContent;
      // Paper shows this instead: a button is not repeated with the heading on the next page.
      heading.dataset.label = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener('click', () => sort(table, headings, column));
    });
  }

  function sort(table, headings, column) {
    const down = headings[column].getAttribute('aria-sort') === 'ascending';
    headings.forEach((heading) => heading.removeAttribute('aria-sort'));
    headings[column].setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const order = new Intl.Collator(undefined, { numeric: true }).compare;
    const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
    rows.sort(([one], [other]) => (down ? order(other, one) : order(one, other)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }

  const rules = [...document.querySelectorAll('section.rule')].map((section) => ({
    section,
    category: section.dataset.category,
    title: section.querySelector('h3').textContent.toLowerCase(),
    rows: [...section.querySelectorAll('tbody tr')].map((row) => ({ row, text: row.textContent.toLowerCase() })),
  }));
  const field = (id) => document.getElementById(id);
  const form = field('filter');
  if (form) {
    form.addEventListener('input', filter);
    form.addEventListener('submit', (event) => event.preventDefault());
    filter();
  }

  function filter() {
    const words = field('words').value.trim().toLowerCase();
    const severity = field('severity').value;
    const category = field('category').value;
    const accepted = field('accepted')?.checked ?? true;
    const onlyNew = field('only-new')?.checked ?? false;
    let shown = 0;
    for (const rule of rules) {
      const inCategory = !category || rule.category === category;
      let any = false;
      for (const { row, text } of rule.rows) {
        const fits = inCategory
          && (!severity || row.dataset.severity === severity)
          && (accepted || !row.dataset.accepted)
          && (!onlyNew || row.dataset.state === 'new')
          && (!words || text.includes(words) || rule.title.includes(words));
        row.hidden = !fits;
        any = any || fits;
        shown += fits ? 1 : 0;
      }
      rule.section.hidden = !any;
    }
    field('shown').textContent = shown === 1 ? '1 listed finding is shown.' : `${shown} listed findings are shown.`;
  }

  // On paper nothing can be opened.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')];
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((details) => { details.open = false; }));
})();
