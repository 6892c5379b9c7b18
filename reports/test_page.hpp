#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

#include "reports/page.hpp"
#include "reports/test_browser.hpp"
#include "reports/test_files.hpp"
#include "reports/test_run.hpp"

namespace audit::reports {

/// Functions that the tests call in the page: what a table shows, and what a reader does.
inline constexpr char reader[] = R"js(
  window.cellsOf = (tr) => [...tr.cells].map((td) => (td.querySelector("span") ?? td).textContent.trim());
  window.rowsOf = (table) => [...table.tBodies[0].rows].map(cellsOf);
  window.headings = (id) => [...document.querySelectorAll(`#${id} thead th`)].map((th) => th.textContent);
  window.rows = (id) => rowsOf(document.getElementById(id));
  window.choose = (id, value) => {
    const select = document.getElementById(id);
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };
  window.chooseAll = () => {
    for (const id of ["map", "format", "family"]) choose(id, "");
    for (const more of document.querySelectorAll(".more:not([hidden])")) more.click();
  };
  window.sort = (id, name) => [...document.querySelectorAll(`#${id} thead th`)].find((th) => th.textContent === name)
      .querySelector("button").click();
  window.button = (id, name, heading) => [...document.querySelectorAll(`#${id} tbody tr`)]
      .find((tr) => tr.cells[0].textContent === name).cells[headings(id).indexOf(heading)].querySelector("button");
  window.opened = async () => {
    const dialog = document.getElementById("detail");
    while (!dialog.open) await new Promise((done) => setTimeout(done, 5));
    dialog.querySelectorAll(".more:not([hidden])").forEach((more) => more.click());
    return { title: document.getElementById("detail-title").textContent, text: dialog.innerText,
             code: [...dialog.querySelectorAll("code")].map((code) => code.textContent), rows: [...dialog.querySelectorAll("table")].flatMap(rowsOf) };
  };
  window.open_ = (id, name, heading) => {
    document.getElementById("detail").close();
    button(id, name, heading).click();
    return opened();
  };
)js";

/// The page of some records, opened. What the console complains of fails the test.
class PageInChromium : public TestWithFiles {
 protected:
  void show(const std::vector<Record>& records, const RowInHex& row_in_hex = {}) {
    write("index.html", page(records, eye(), row_in_hex));
    browser.emplace(directory / "profile");
    browser->open(directory / "index.html");
    browser->evaluate(reader);
  }
  void TearDown() override {
    if (browser) {
      EXPECT_EQ(browser->complaints(), std::vector<std::string>{});
    }
    browser.reset();
    TestWithFiles::TearDown();
  }
  /// Plots are drawn once they are near.
  void scroll_to(const std::string& plot) {
    in_page(fmt::format("document.getElementById('{}').closest('section').scrollIntoView()", plot));
    browser->await(fmt::format("Chart.getChart('{}') !== undefined", plot));
  }
  Browser::Json in_page(const std::string& expression) { return browser->evaluate(expression); }

  std::optional<Browser> browser;
};

/// The text as a literal of JavaScript.
inline std::string literal(const std::string& text) { return Browser::Json(text).dump(); }

}  // namespace audit::reports
