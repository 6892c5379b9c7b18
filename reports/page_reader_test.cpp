// The page in a real Chromium, from disk: by keyboard, by screen reader, on paper, and with hostile records.

#include <gtest/gtest.h>

#include <set>

#include "reports/test_page.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

using Json = nlohmann::json;
using nlohmann::literals::operator""_json_pointer;

TEST_F(PageInChromium, opens_by_keyboard_and_copies) {
  const std::vector<Record> records = drawn_run(1, 2);
  show(records, [](const std::string& witness) { return "softmax:f32:row=0x1p+0 # of " + witness; });
  browser->call("Emulation.setFocusEmulationEnabled", {{"enabled", true}});
  in_page("button('outcomes', 'target0', 'off').focus()");
  browser->press("Enter");
  EXPECT_NE(in_page("opened()")["title"].get<std::string>().find("off"), std::string::npos);
  browser->press("Escape");
  EXPECT_EQ(in_page("document.getElementById('detail').open"), Json(false));
  EXPECT_EQ(in_page("document.activeElement.textContent"), in_page("button('outcomes', 'target0', 'off').textContent"));

  in_page("document.querySelector('#summary button[data-record]').focus()");
  browser->press("Enter");
  const auto code = in_page("opened()")["code"].get<std::vector<std::string>>();
  ASSERT_GE(code.size(), 2u);
  EXPECT_TRUE(code[0].starts_with("softmax:f32:row=0x1p+0 # of softmax:f32:")) << code[0];
  EXPECT_TRUE(code[1].starts_with(program_name() + " replay softmax:f32:")) << code[1];
  in_page(R"js(document.addEventListener("copy", (event) => { window.copied = event.target.value; }))js");
  for (const char* without : {"", "navigator.clipboard.writeText = () => Promise.reject()"}) {
    browser->call("Browser.grantPermissions", {{"permissions", {"clipboardReadWrite", "clipboardSanitizedWrite"}}});
    in_page("document.getElementById('said').textContent = ''; window.copied = null");
    in_page(*without ? without : "navigator.clipboard.writeText('')");
    in_page("[...document.querySelectorAll('dialog .replay .copy')][1].focus()");
    browser->press("Enter");
    browser->await("document.querySelector('dialog .said').textContent === 'Copied'");
    EXPECT_EQ(in_page(*without ? "window.copied" : "navigator.clipboard.readText()"), Json(code[1])) << without;
  }
}

TEST_F(PageInChromium, goes_from_figure_to_figure_by_arrow_keys) {
  show(drawn_run(3, 2));
  browser->call("Emulation.setFocusEmulationEnabled", {{"enabled", true}});
  EXPECT_EQ(in_page("document.querySelectorAll('#errors button[tabindex=\"0\"]').length"), Json(1));
  in_page("document.querySelector('#errors button').focus()");
  for (const char* key : {"ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight"}) browser->press(key);
  EXPECT_EQ(in_page("document.activeElement === button('errors', 'target1', headings('errors')[2])"), Json(true));
  browser->press("Tab");
  EXPECT_EQ(in_page("document.activeElement.closest('#errors')"), Json()) << "out of the table by one press";
  EXPECT_EQ(in_page("document.querySelectorAll('#errors button[tabindex=\"0\"]').length"), Json(1));
}

TEST_F(PageInChromium, has_a_name_for_everything_a_screen_reader_meets) {
  show(drawn_run(2, 2));
  scroll_to("spread");
  scroll_to("speed");
  in_page("open_('errors', 'target1', 'wide')");
  const std::set<std::string> named{"button", "combobox", "dialog", "image", "link", "navigation", "region", "table"};
  std::set<std::string> met;
  for (const bool open : {true, false}) {
    if (!open) in_page("document.getElementById('detail').close()");
    const Json tree = browser->call("Accessibility.getFullAXTree");
    for (const Json& node : tree["nodes"]) {
      const std::string role = node.value("/role/value"_json_pointer, "");
      if (node["ignored"] == true || !named.contains(role)) continue;
      met.insert(role);
      EXPECT_NE(node.value("/name/value"_json_pointer, ""), "") << node;
    }
  }
  EXPECT_EQ(met, named);
}

TEST_F(PageInChromium, prints) {
  show(drawn_run(5, 3));
  const auto pdf = browser->call("Page.printToPDF", {{"preferCSSPageSize", true}})["data"].get<std::string>();
  EXPECT_TRUE(pdf.starts_with("JVBERi0")) << "%PDF- in base64";
  EXPECT_EQ(in_page("['spread', 'speed'].every((id) => Chart.getChart(id) !== undefined)"), Json(true))
      << "unseen so far";
}

TEST_F(PageInChromium, hostile_text_is_shown_and_does_nothing) {
  show(hostile_records());
  in_page("chooseAll()");
  std::string shown = utf8(hostile);
  EXPECT_EQ(in_page("document.querySelectorAll('img').length"), Json(0));
  EXPECT_EQ(in_page("rows('summary')[0][0]").get<std::string>().substr(0, 10), shown.substr(0, 10));
  EXPECT_TRUE(in_page(
      fmt::format("[...document.querySelectorAll('#map option')].some((o) => o.textContent === {0})", literal(shown))));
  for (const char* id : {"errors", "outcomes", "laws"}) {
    in_page(
        fmt::format("document.getElementById('detail').close(), document.querySelector('#{} td button').click()", id));
    EXPECT_EQ(in_page("opened()")["title"].get<std::string>().substr(0, 4), shown.substr(0, 4)) << id;
  }
}

}  // namespace
}  // namespace audit::reports
