/* The table's texts and choices. */
"use strict";
window.lagesbild = window.lagesbild || {};

(function (L) {
  const SWEDISH = {
    noRowsToShow: "Inga händelser i urvalet.", loadingOoo: "Hämtar …", filterOoo: "Filtrera …", searchOoo: "Sök …",
    contains: "Innehåller", notContains: "Innehåller inte", equals: "Lika med", notEqual: "Inte lika med",
    startsWith: "Börjar med", endsWith: "Slutar med", blank: "Tomt", notBlank: "Inte tomt", andCondition: "OCH",
    orCondition: "ELLER", lessThan: "Mindre än", greaterThan: "Större än", lessThanOrEqual: "Högst",
    greaterThanOrEqual: "Minst", inRange: "Mellan", inRangeStart: "Från", inRangeEnd: "Till", clearFilter: "Rensa",
    resetFilter: "Återställ", applyFilter: "Använd", cancelFilter: "Avbryt", ariaFilterInput: "Filter",
    ariaFilteringOperator: "Filtervillkor", ariaFilterValue: "Filtervärde", ariaColumnFiltered: "Filtrerad kolumn",
    ariaSortableColumn: "Tryck Enter för att sortera", ariaMenuColumn: "Tryck Alt Nedåt för kolumnens meny",
    ariaFilterColumn: "Tryck Ctrl Enter för filter", ariaRowSelect: "Tryck mellanslag för att välja raden",
    ariaRowDeselect: "Tryck mellanslag för att välja bort raden", ariaSearch: "Sök", ariaLabelColumnFilter: "Kolumnfilter",
    ariaFilterMenuOpen: "Öppna filter", ariaPageSizeSelectorLabel: "Rader per sida", copy: "Kopiera",
    pinColumn: "Fäst kolumn", autosizeThisColumn: "Anpassa kolumnen", resetColumns: "Återställ kolumner",
    sortAscending: "Sortera stigande", sortDescending: "Sortera fallande", sortUnSort: "Ta bort sorteringen",
  };
  L.gridText = (params) => (L.lang === "sv" && SWEDISH[params.key]) || params.defaultValue;

  window.dashAgGridFunctions = window.dashAgGridFunctions || {};
  window.dashAgGridFunctions.gridText = (params) => L.gridText(params);

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.table = {
    choose: function (rows) {
      if (rows && rows.length) window.dash_clientside.set_props("chosen", { data: rows[0].uid });
    },
    /* The server makes the file: all of the view, logged, and safe to open in a spreadsheet. */
    save: (query, lang) =>
      query ? `/api/v1/incidents.csv?${L.parameters(query)}&lang=${lang || L.lang}` : window.dash_clientside.no_update,
  };
})(window.lagesbild);
