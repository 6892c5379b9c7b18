// The schemas beside record.hpp hold what the program reads and writes, and nothing else.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <set>

#include "reports/gate.hpp"
#include "reports/record_fields.hpp"
#include "reports/test_outside.hpp"
#include "reports/test_records.hpp"

namespace audit::reports {
namespace {

using json::Json;

/// The keys that `fields` names.
struct Keys {
  std::set<std::string> all;
  template <class T>
  void operator()(const char* key, const T&, bool = true) {
    all.insert(key);
  }
};

template <class T>
std::set<std::string> keys_of(const T& value, std::set<std::string> others = {}) {
  Keys keys{std::move(others)};
  fields(value, keys);
  return keys.all;
}

std::set<std::string> keys_in(const Json& object) {
  std::set<std::string> all;
  for (const auto& [key, value] : object.items()) all.insert(key);
  return all;
}

Json schema_named(const std::string& name) {
  return Json::parse(std::ifstream(fmt::format("{}/schemas/{}.schema.json", REPORTS, name)));
}

std::vector<Record> records() {
  std::vector<Record> all = hostile_records();
  for (const Record& record : {full_record(), accuracy_record(), law_record(), contract_record(), speed_record(),
                               compared_record(), absent_record()})
    all.push_back(record);
  all.push_back(accuracy_record());
  all.back().max_ulp = std::numeric_limits<double>::quiet_NaN();
  all.back().bound_utilisation = std::numeric_limits<double>::infinity();
  all.back().mean_abs_ulp = -std::numeric_limits<double>::infinity();
  all.back().seed = std::numeric_limits<std::uint64_t>::max();
  return all;
}

struct Schemas : TestFromOutside {
  /// Which of these lines the schema refuses, from 1.
  [[nodiscard]] std::set<std::size_t> refused(const std::string& layout, const std::vector<Json>& lines) const {
    std::string text;
    for (const Json& line : lines) text += json::dump(line) + '\n';
    write("lines.jsonl", text);
    std::istringstream told(against_schema(fmt::format("schemas/{}.schema.json", layout), "lines.jsonl"));
    std::set<std::size_t> numbers;
    const std::string before = "lines.jsonl:";
    for (std::string line; std::getline(told, line);) {
      if (!line.starts_with(before)) throw std::runtime_error(line);
      numbers.insert(std::stoul(line.substr(before.size())));
    }
    return numbers;
  }
};

bool reads(const Json& line) {
  try {
    from_line(json::dump(line), "here");
    return true;
  } catch (const BadRecords&) {
    return false;
  }
}

TEST(SchemasAndFields, name_the_same_members) {
  const Json record = schema_named("record")["properties"];
  EXPECT_EQ(keys_in(record), keys_of(Record{}, {"schema"}));
  EXPECT_EQ(keys_in(record["build"]["properties"]), keys_of(Build{}));
  EXPECT_EQ(keys_in(record["machine"]["properties"]), keys_of(Machine{}));
  EXPECT_EQ(keys_in(record["comparison"]["properties"]), keys_of(TimeComparison{}));
  EXPECT_EQ(keys_in(schema_named("finding")["properties"]), keys_of(Finding{}));
  EXPECT_EQ(keys_in(schema_named("checked")["properties"]), keys_of(Checked{}));
}

TEST(SchemasAndFields, every_member_is_described) {
  for (const char* name : {"record", "finding", "checked"}) {
    const Json members = schema_named(name)["properties"];
    for (const auto& [key, member] : members.items()) EXPECT_TRUE(member.contains("description")) << name << ' ' << key;
  }
}

TEST_F(Schemas, hold_every_line_that_is_written) {
  std::vector<Json> lines;
  for (const Record& record : records()) lines.push_back(Json::parse(to_line(record)));
  EXPECT_EQ(refused("record", lines), std::set<std::size_t>{});
  std::vector<Json> checked;
  for (const Record& record : records())
    checked.push_back(Json::parse(to_json(Checked{record.target, record.version, record.verdict, record.findings})));
  EXPECT_EQ(refused("checked", checked), std::set<std::size_t>{});
}

/// The line with a member left out, misspelled, or of another type: every member, at any depth.
std::vector<Json> spoiled(const Json& line) {
  std::vector<Json> all;
  std::vector<Json::json_pointer> places;
  const std::function<void(const Json&, const Json::json_pointer&)> walk = [&](const Json& value, const auto& at) {
    for (const auto& [key, member] : value.items()) {
      if (value.is_object()) places.push_back(at / key);
      if (member.is_structured()) walk(member, value.is_object() ? at / key : at / std::stoul(key));
    }
  };
  walk(line, Json::json_pointer{});
  for (const auto& place : places) {
    Json without = line, misspelled = line;
    without[place.parent_pointer()].erase(place.back());
    misspelled[place.parent_pointer()][place.back() + "_"] = misspelled[place];
    all.push_back(without);
    all.push_back(misspelled);
    for (const Json& other : {Json("text"), Json(-1), Json(1.5), Json(true), Json(nullptr), Json::array(),
                              Json::object(), Json::array({1}), Json{{"a", "b"}}, Json{{"a", 1}}}) {
      all.push_back(line);
      all.back()[place] = other;
    }
  }
  return all;
}

TEST_F(Schemas, of_a_record_refuses_what_the_reader_refuses_and_nothing_else) {
  std::vector<Json> lines;
  for (const Record& record : {full_record(), accuracy_record(), law_record(), contract_record(), speed_record()})
    for (const Json& line : spoiled(Json::parse(to_line(record)))) lines.push_back(line);
  const std::set<std::size_t> numbers = refused("record", lines);
  EXPECT_GT(numbers.size(), 1000U);
  for (std::size_t i = 0; i < lines.size(); ++i)
    EXPECT_EQ(!numbers.contains(i + 1), reads(lines[i])) << json::dump(lines[i]);
}

struct Baselines : Schemas {
  [[nodiscard]] std::vector<Json> lines_of(const Baseline& baseline) const {
    write_baseline((directory / "baseline.jsonl").string(), baseline);
    std::istringstream in(read("baseline.jsonl"));
    std::vector<Json> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
    return lines;
  }
};

TEST_F(Baselines, are_of_their_schema) {
  Record law = law_record();
  law.outcomes = {{"crashed", 1}};
  Baseline baseline = baseline_of({full_record(), law});
  baseline.entries[0].was = "-66.25 ulp at softmax:f32:row=0#0";
  baseline.entries[0].because = "one pass fewer";
  const auto lines = lines_of(baseline);
  EXPECT_EQ(refused("baseline", lines), std::set<std::size_t>{});
  const Json parts = schema_named("baseline")["$defs"];
  EXPECT_EQ(keys_in(parts["platform"]["properties"]), keys_in(lines.at(0)));
  EXPECT_EQ(keys_in(parts["entry"]["properties"]), keys_in(lines.at(1))) << "every member is set";
}

TEST_F(Baselines, of_another_layout_are_refused) {
  for (const Json& line : lines_of(baseline_of({accuracy_record(), law_record()}))) {
    const auto wrong = spoiled(line);
    const auto numbers = refused("baseline", wrong);
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      write("wrong.jsonl", json::dump(line.contains("kind") ? lines_of({})[0] : wrong[i]) + '\n' +
                               (line.contains("kind") ? json::dump(wrong[i]) + '\n' : ""));
      bool read = true;
      try {
        read_baseline((directory / "wrong.jsonl").string());
      } catch (const BadRecords&) {
        read = false;
      }
      EXPECT_EQ(!numbers.contains(i + 1), read) << json::dump(wrong[i]);
    }
  }
}

TEST_F(Baselines, that_are_committed_are_of_the_schema_and_named_by_their_platform) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(REPORTS "/baselines")) {
    ++files;
    write("baseline.jsonl", (std::ostringstream() << std::ifstream(entry.path()).rdbuf()).str());
    EXPECT_EQ(against_schema("schemas/baseline.schema.json", "baseline.jsonl"), "");
    EXPECT_EQ(file_name(read_baseline(entry.path().string()).platform), entry.path().filename());
  }
  EXPECT_GE(files, 1);
}

}  // namespace
}  // namespace audit::reports
