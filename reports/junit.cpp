#include <fmt/format.h>
#include <tinyxml2.h>

#include "reports/gate.hpp"
#include "reports/gate_key.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

/// XML 1.0 has no control characters and neither U+FFFE nor U+FFFF, escaped or not.
std::string xml_text(const std::string& text) {
  std::string clean = one_line(text);
  for (std::size_t at = 0; (at = clean.find("\xEF\xBF", at)) != std::string::npos; at += 3) {
    if (clean[at + 2] == '\xBE' || clean[at + 2] == '\xBF') clean[at + 2] = '\xBD';
  }
  return clean;
}

void write_case(tinyxml2::XMLPrinter& xml, const Judged& judged) {
  const Entry& entry = judged.now ? *judged.now : *judged.before;
  xml.OpenElement("testcase");
  xml.PushAttribute("classname", xml_text(fmt::format("{}.{}.{}", entry.map, entry.format, entry.target)).c_str());
  xml.PushAttribute("name", xml_text(describe(key(entry))).c_str());
  const std::string word(label(judged.verdict));
  const std::string message = xml_text(judged.detail.empty() ? word : word + ": " + judged.detail);
  if (fails(judged.verdict)) {
    xml.OpenElement("failure");
    xml.PushAttribute("type", word.c_str());
    xml.PushAttribute("message", message.c_str());
    xml.PushText(xml_text(judged.replay).c_str());
    xml.CloseElement();
  } else if (judged.verdict == Verdict::absent) {
    xml.OpenElement("skipped");
    xml.PushAttribute("message", message.c_str());
    xml.CloseElement();
  }
  xml.CloseElement();
}

}  // namespace

std::string junit(const GateResult& result) {
  std::size_t failures = 0, skipped = 0;
  for (const Judged& judged : result.keys) {
    failures += fails(judged.verdict);
    skipped += judged.verdict == Verdict::absent;
  }
  const bool red_as_a_whole = failures == 0 && fails(result.verdict);
  tinyxml2::XMLPrinter xml;
  xml.PushHeader(false, true);
  xml.OpenElement("testsuite");
  xml.PushAttribute("name", "softmax-audit gate");
  xml.PushAttribute("tests", static_cast<std::uint64_t>(result.keys.size() + red_as_a_whole));
  xml.PushAttribute("failures", static_cast<std::uint64_t>(failures + red_as_a_whole));
  xml.PushAttribute("skipped", static_cast<std::uint64_t>(skipped));
  if (red_as_a_whole) {
    Entry run;
    run.target = "gate";
    write_case(xml, Judged{result.verdict, {}, run, result.note, ""});
  }
  for (const Judged& judged : result.keys) write_case(xml, judged);
  xml.CloseElement();
  return xml.CStr();
}

}  // namespace audit::reports
