// The program from outside: exit status, one line on stderr, results on stdout, files that are whole or not there.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include "commands/program.hpp"
#include "reports/test_records.hpp"

namespace {

namespace fs = std::filesystem;

class Program : public audit::commands::Program {
 protected:
  void expect_resumed(const std::string& effort, const std::string& filter);
};

TEST_F(Program, OracleGivesTheKnownAnswers) {
  EXPECT_NE(run("oracle 1000 1001 1002").out.find("0.09003057317038046"), std::string::npos);
  EXPECT_NE(run("oracle --format f32 0 1 2").out.find("0.66524094 "), std::string::npos);
  EXPECT_NE(run("oracle --map logsumexp 0 -40").out.find("4.248354255291589e-18"), std::string::npos);
  const auto masked = run("oracle --map log_softmax -inf -0x1p-3 -inf");
  EXPECT_EQ(masked.status, 0) << masked.err;
  EXPECT_EQ(masked.out.substr(0, 4), "-inf");
  const auto json = run("oracle --json --map sparsemax 0.5 0.5 -1");
  EXPECT_EQ(json.out,
            "{\"row\": 0, \"values\": [\"0x1p-1\", \"0x1p-1\", \"0x0p+0\"], \"bits\": 0, \"undecided\": 0}\n");
  const auto rounded = run("oracle --format f32 0.1 0.25");
  EXPECT_EQ(rounded.err, "0.1 is no number of f32: it was rounded to 0.1\n");
}

/// A .npy file of numbers of one type, of this shape.
template <class T>
std::string npy(const char* type, const char* shape, std::vector<T> numbers) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape);
  header.resize(117, ' ');
  std::string bytes(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T));
  return std::string("\x93NUMPY\x01\0\x76\0", 10) + header + "\n" + bytes;
}

TEST_F(Program, OracleReadsRowsAlongTheLastAxis) {
  write("x.npy", npy<float>("<f4", "(2, 1)", {1, 2}));
  EXPECT_EQ(run("oracle --map logsumexp --format f32 x.npy").out,
            "row 0\n1                        0x1p+0\nrow 1\n2                        0x1p+1\n");
}

TEST_F(Program, ListsWhoNeedsEveryLaw) {
  const std::string laws = run("list laws").out;
  EXPECT_NE(laws.find("of the mutants, alone single_entry_recip"), std::string::npos) << laws;
  EXPECT_NE(laws.find("of the mutants, none of them alone; it stands: "), std::string::npos) << laws;
}

/// The lines of the first table of a text of Markdown that begins so.
std::vector<std::string> table_in(std::istream& text, std::string_view beginning) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    if (lines.empty() ? line.starts_with(beginning) : line.starts_with('|'))
      lines.push_back(line);
    else if (!lines.empty())
      break;
  return lines;
}

TEST_F(Program, TheReadmeHasTheTableOfTheReport) {
  ASSERT_EQ(run("run --target stable --filter ':softmax:f32:normal:n=3$' --out small").status, 0);
  std::istringstream report(read("small/report.md"));
  std::ifstream readme(SOURCES "/README.md");
  const auto reported = table_in(report, "| tolerance");
  EXPECT_GE(reported.size(), 8U);
  EXPECT_EQ(table_in(readme, "| tolerance"), reported) << "copy the table of report.md into the README";
}

/// What a line of `list targets`, or of the README's table, says of one: its name, the map, and the formats.
std::vector<std::array<std::string, 3>> told(const std::vector<std::string>& lines, const std::regex& line) {
  std::vector<std::array<std::string, 3>> all;
  std::smatch parts;
  for (const std::string& text : lines)
    if (std::regex_search(text, parts, line)) all.push_back({parts[1], parts[2], parts[3]});
  return all;
}

/// "f32, and bf16 with AVX-512" as this machine has it: with the second part or without, whichever of them is offered.
std::string formats_here(const std::string& formats, const std::string& offered) {
  std::smatch parts;
  if (!std::regex_match(formats, parts, std::regex("(.+), and (.+) with .+"))) return formats;
  const std::string all = parts[1].str() + ' ' + parts[2].str();
  return offered == all ? all : parts[1].str();
}

TEST_F(Program, TheReadmeHasOneRowForEveryImplementation) {
  std::ifstream readme(SOURCES "/README.md");
  std::vector<std::string> listed;
  std::istringstream targets(run("list targets").out);
  std::string absent;
  for (std::string line; std::getline(targets, line);)
    (line.find(" absent: ") == line.npos ? listed.emplace_back(line) : absent += line + '\n');
  auto in_list = told(listed, std::regex(R"(^(\w+) +(\w+) +((?:b?f[0-9]\w*| )+?) +claims)"));
  for (auto& [name, map, formats] : in_list)
    if (formats == "f64 f32 f16 bf16 f8e4m3 f8e5m2") formats = "all";
  auto in_readme =
      told(table_in(readme, "| target | map | formats"), std::regex(R"(^\| `(\w+)` \| `?(\w+)[^|]* \| ([^|]+) \|)"));
  std::erase_if(in_readme, [&](const auto& row) { return absent.find(row[0] + ' ') != absent.npos; });
  ASSERT_GE(in_readme.size(), 25U);
  ASSERT_EQ(in_readme.size(), in_list.size());
  for (std::size_t i = 0; i < in_list.size(); ++i) in_readme[i][2] = formats_here(in_readme[i][2], in_list[i][2]);
  EXPECT_EQ(in_readme, in_list);
}

TEST_F(Program, OracleAnswersEveryMap) {
  write("x.npy", npy<double>("<f8", "(2, 2)", {0, 0, 0, -40}));
  write("g.npy", npy<double>("<f8", "(2, 2)", {1, 2, 3, 3}));
  write("t.npy", npy<std::int32_t>("<i4", "(2,)", {1, 0}));
  write("tree.npy", npy<std::int64_t>("<i8", "(4,)", {-3, 1, -1, -2}));
  EXPECT_EQ(run("oracle --map cross_entropy --target t.npy x.npy").out,
            "row 0\n0.6931471805599453       0x1.62e42fefa39efp-1\n"
            "row 1\n4.248354255291589e-18    0x1.39792499b1a24p-58\n");
  EXPECT_EQ(run("oracle --map cross_entropy --mean --format f32 --target t.npy x.npy").out,
            "0.3465736                0x1.62e43p-2\n");
  EXPECT_EQ(run("oracle --map softmax_vjp --temperature 0.5 --operand g.npy --json x.npy").out,
            "{\"row\": 0, \"values\": [\"-0x1p-1\", \"0x1p-1\"], \"bits\": 95, \"undecided\": 0}\n"
            "{\"row\": 1, \"values\": [\"0x0p+0\", \"0x0p+0\"], \"bits\": 95, \"undecided\": 0}\n");
  EXPECT_EQ(run("oracle --map log_softmax_vjp --operand g.npy --format f16 x.npy").out,
            "row 0\n-0.5                     -0x1p-1\n0.5                      0x1p-1\n"
            "row 1\n-3                       -0x1.8p+1\n3                        0x1.8p+1\n");
  EXPECT_EQ(run("oracle --map entmax15 --format f32 1.75 0.75 0.5 0.25 0.25 -inf -1").out,
            "0.765625                 0x1.88p-1\n0.140625                 0x1.2p-3\n0.0625                   0x1p-4\n"
            "0.015625                 0x1p-6\n0.015625                 0x1p-6\n0                        0x0p+0\n"
            "0                        0x0p+0\n");
  EXPECT_EQ(run("oracle --map sparsemax_vjp --operand g.npy x.npy").out,
            "row 0\n-0.5                     -0x1p-1\n0.5                      0x1p-1\n"
            "row 1\n0                        0x0p+0\n0                        0x0p+0\n");
  EXPECT_EQ(run("oracle --map cross_entropy_vjp --target t.npy x.npy").out,
            "row 0\n0.5                      0x1p-1\n-0.5                     -0x1p-1\n"
            "row 1\n-4.248354255291589e-18   -0x1.39792499b1a24p-58\n4.248354255291589e-18    0x1.39792499b1a24p-58\n");
  EXPECT_EQ(run("oracle --map hierarchical_softmax --tree tree.npy --format f8e5m2 0 inf").out,
            "0                        0x0p+0\n0.5                      0x1p-1\n0.5                      0x1p-1\n");
  const auto overflow = run("oracle --map log_softmax --format f8e4m3 448 -448");
  EXPECT_EQ(overflow.out, "-0                       -0x0p+0\nnan                      nan\n");
}

// --symbol, --signature and --map make a TARGET of a function that knows nothing of plugin.h; every command takes it.
TEST_F(Program, AsksAnyFunctionByItsSignature) {
  const std::string library = PLUGINS "/signatures.so", parameters = "(const f32 *x, f32 *y, size_t rows, size_t n)";
  const auto check = [&](const std::string& more) { return run(fmt::format("check '{}' {}", library, more)); };
  const auto refused = check(fmt::format("--symbol batch --signature 'void {}' --format f64", parameters));
  EXPECT_EQ(refused.err,
            fmt::format("softmax-audit: --format f64: '{}:void batch{}' does not offer it\n", library, parameters));
  EXPECT_EQ(refused.status, 2);
  const std::string warm = "(const f32 *x, f32 *y, size_t rows, size_t n, float temp)";
  EXPECT_EQ(
      check(fmt::format("--symbol logarithm --signature 'void{}' --map log_softmax --format f64", warm)).err,
      fmt::format("softmax-audit: --format f64: '{}:log_softmax void logarithm{}' does not offer it\n", library, warm));
  EXPECT_EQ(
      check("--symbol batch --signature 'void (const f32 *x, f32 *y, float scale)'").err,
      fmt::format("softmax-audit: {}: signature: 'float scale': the name 'scale' says nothing; names are rows, n, "
                  "inner, stride, axis, temperature and the like (README)\n",
                  library));
  EXPECT_EQ(check(fmt::format("--symbol gone --signature 'void {}'", parameters)).err,
            fmt::format("softmax-audit: {}: has no symbol gone; 'nm -D' names those that it exports\n", library));
  EXPECT_EQ(check("--symbol batch --signature void").err,
            "softmax-audit: --signature 'void': no parameters; write void (const f32 *x, f32 *y, size_t n)\n");
  EXPECT_EQ(run("check stable --symbol batch --signature 'void (f32 *x)'").err,
            "softmax-audit: --symbol batch: 'stable' is no shared object; give ./FILE.so\n");
  const auto replayed =
      run(fmt::format("replay softmax:f32:row=0x0p+0,0x0p+0 --target '{}:void batch{}'", library, parameters));
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_NE(replayed.out.find("0x1p-1"), std::string::npos) << replayed.out;
}

TEST_F(Program, BadInputIsOneLineAndStatus2AndLeavesNothing) {
  write("empty.npy", "");
  write("bad.npy", "\x93NUMPY garbage");
  write("two.npy", npy<double>("<f8", "(2,)", {0, 1}));
  write("rows.npy", npy<double>("<f8", "(2, 2)", {0, 1, 0, 1}));
  write("target.npy", npy<std::int64_t>("<i8", "(2,)", {1, 2}));
  write("tree.npy", npy<std::int64_t>("<i8", "(2,)", {-1, -1}));
  write("node.npy", npy<std::int64_t>("<i8", "(2,)", {-1, std::int64_t{1} << 40}));
  write("bad.jsonl", "{\"schema\":1,\n");
  fs::create_directory(directory / "locked");
  write("file", "");
  for (const char* arguments : {"",
                                "bogus",
                                "--bogus",
                                "check",
                                "check nobody",
                                "check ./libnothing.so",
                                "run --target nobody",
                                "run --effort slow",
                                "run --shard 3/2",
                                "run --shard x",
                                "run --filter '('",
                                "run --filter nothing_matches_this",
                                "run --out file/x",
                                "run --seed -1",
                                "oracle",
                                "oracle one",
                                "oracle 1 2x",
                                "oracle none.npy",
                                "oracle empty.npy",
                                "oracle bad.npy",
                                "oracle --map nothing 1",
                                "oracle --format f31 1",
                                "oracle --temperature 0 1",
                                "oracle --temperature x 1",
                                "oracle --map logsumexp --temperature 2 1",
                                "oracle --map gumbel_softmax 1",
                                "oracle --operand bad.npy 1",
                                "oracle --map softmax_vjp 1",
                                "oracle --map softmax_vjp --operand two.npy 1",
                                "oracle --map log_softmax_vjp --temperature 2 --operand two.npy 0 1",
                                "oracle --map cross_entropy 1",
                                "oracle --map cross_entropy --target bad.npy 1",
                                "oracle --map cross_entropy --target two.npy 0 1",
                                "oracle --map cross_entropy --target target.npy 1",
                                "oracle --map cross_entropy --target target.npy rows.npy",
                                "oracle --target target.npy 1",
                                "oracle --mean 1",
                                "oracle --map hierarchical_softmax",
                                "oracle --map hierarchical_softmax --temperature 2 1",
                                "oracle --map hierarchical_softmax --tree none.npy 1",
                                "oracle --map hierarchical_softmax --tree tree.npy 1",
                                "oracle --map hierarchical_softmax --tree tree.npy 1 2",
                                "oracle --map hierarchical_softmax --tree node.npy 1",
                                "oracle --tree tree.npy 1",
                                "replay nonsense --target stable",
                                "replay softmax:f32:normal:n=0:seed=1:index=0 --target stable",
                                "replay softmax:f32:row=0x1p+0 --target logsumexp_log1p",
                                "hunt nobody",
                                "hunt stable --n 0",
                                "hunt stable --map logsumexp",
                                "speed --n 0",
                                "speed --target nobody",
                                "speed --versus fast",
                                "speed --target fast --threshold 3",
                                "speed --target fast --versus fast --threshold 0",
                                "speed --target fast --versus fast --n 0",
                                "speed --target fast --versus nobody",
                                "speed --target fast --versus logsumexp_log1p",
                                "speed --target onednn --versus fast --format f8e4m3",
                                "merge nowhere --out m",
                                "gate --baseline none --candidate bad.jsonl",
                                "gate --baseline none",
                                "report nowhere",
                                "report bad.jsonl",
                                "list nothing"}) {
    const auto ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << arguments << "\n" << ended.err;
    EXPECT_EQ(ended.out, "") << arguments;
    const auto last = ended.err.rfind("softmax-audit: ");
    ASSERT_NE(last, std::string::npos) << arguments;
    EXPECT_EQ(std::ranges::count(ended.err.substr(last), '\n'), 1) << arguments << "\n" << ended.err;
  }
  for (const char* left : {"m", "softmax-audit-out/records.jsonl", "softmax-audit-out/index.html"})
    EXPECT_FALSE(fs::exists(directory / left)) << left;
}

// A run has a speed record of the same target and size.
TEST_F(Program, AComparisonOfSpeedIsMergedIntoARunAndFailsItsGate) {
  namespace reports = audit::reports;
  const reports::Record accuracy = reports::accuracy_record();
  reports::Record slower = reports::compared_record();
  slower.comparison->ratio_low = slower.comparison->ratio = slower.comparison->ratio_high = 1.05;
  slower.verdict = "regressed";
  reports::write_records((directory / "now.jsonl").string(), {accuracy, reports::speed_record()});
  reports::write_records((directory / "slow.jsonl").string(), {slower});
  EXPECT_EQ(run("gate --update --baseline b.jsonl --candidate now.jsonl").status, 0);
  EXPECT_EQ(run("gate --baseline b.jsonl --candidate now.jsonl").status, 0);
  EXPECT_EQ(run("merge now.jsonl slow.jsonl --out both").status, 1);
  const auto gated = run("gate --baseline b.jsonl --candidate both");
  EXPECT_EQ(gated.status, 1);
  EXPECT_NE(gated.out.find("slower than fast"), std::string::npos) << gated.out;
}

TEST_F(Program, NaiveIsOutsideItsDomainWhereStableIsWithinItsClaim) {
  const std::string row = "softmax:f64:row=0x1.f4p+9,0x1.f48p+9,0x1.f5p+9";
  const auto naive = run("replay " + row + " --target naive");
  EXPECT_NE(naive.out.find("spurious nan"), std::string::npos);
  EXPECT_NE(naive.out.find("outside the domain"), std::string::npos);
  EXPECT_EQ(naive.status, 0);
  EXPECT_NE(run("replay " + row + " --target stable").out.find("within the claim"), std::string::npos);
}

TEST_F(Program, TwoRunsGiveTheSameRecordsAndTheGateSeesOneUlp) {
  const std::string filter = "run --filter 'stable:softmax:f32:(wide|real_minilm_attn_n3|order|range)' --out ";
  const auto first = run(filter + "a");
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(first.err.find('\r'), std::string::npos) << "no progress bar in a pipe";
  EXPECT_NE(first.out.find("verdict: all holds"), std::string::npos);
  ASSERT_EQ(run(filter + "b").status, 0);
  EXPECT_EQ(read("a/records.jsonl"), read("b/records.jsonl"));
  EXPECT_FALSE(fs::exists(directory / "a/unfinished.jsonl"));

  ASSERT_EQ(run("gate --baseline base.jsonl --candidate a --update").status, 0);
  EXPECT_EQ(run("gate --baseline base.jsonl --candidate b --junit j.xml").status, 0);
  EXPECT_NE(read("j.xml").find("<testcase"), std::string::npos);

  std::string worse = read("b/records.jsonl");
  const auto at = worse.find("\"max_ulp\":") + 10;
  const double ulp = std::stod(worse.substr(at));
  worse.replace(at, worse.find(',', at) - at, fmt::format("{}", ulp + (ulp > 0 ? 1 : -1)));
  write("b/records.jsonl", worse);
  const auto red = run("gate --baseline base.jsonl --candidate b");
  EXPECT_EQ(red.status, 1);
  EXPECT_NE(red.out.find("regressed"), std::string::npos) << red.out;
  EXPECT_NE(red.out.find("replay softmax:f32:"), std::string::npos) << "the row is named: " << red.out;
}

TEST_F(Program, ShardsMergeToTheWholeRun) {
  const std::string filter = "run --filter 'stable:softmax:f64:wide:n=[1-9][0-9]?$' --out ";
  ASSERT_EQ(run(filter + "whole").status, 0);
  ASSERT_EQ(run(filter + "one --shard 1/2").status, 0);
  ASSERT_EQ(run(filter + "two --shard 2/2").status, 0);
  ASSERT_EQ(run("merge one two --out merged").status, 0);
  auto whole = timeless_lines("whole/records.jsonl"), merged = timeless_lines("merged/records.jsonl");
  std::ranges::sort(whole);
  std::ranges::sort(merged);
  EXPECT_EQ(merged, whole);
  EXPECT_GT(whole.size(), 10U);
}

/// A run that is interrupted once a part of it is done leaves no records, and is resumed to those of an uninterrupted
/// one.
void Program::expect_resumed(const std::string& effort, const std::string& filter) {
  const std::string options = fmt::format("--effort {} --filter '{}' --out", effort, filter);
  ASSERT_EQ(run(fmt::format("run {} whole", options)).status, 0);

  const pid_t child = fork();
  if (child == 0) {
    if (!std::freopen("/dev/null", "w", stderr)) _exit(126);
    execl(SOFTMAX_AUDIT_PROGRAM, SOFTMAX_AUDIT_PROGRAM, "run", "--effort", effort.c_str(), "--filter", filter.c_str(),
          "--out", (directory / "cut").c_str(), nullptr);
    _exit(127);
  }
  const fs::path journal = directory / "cut/unfinished.jsonl";
  for (int i = 0; i < 2000 && std::ranges::count(read("cut/unfinished.jsonl"), '\n') < 3; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 130) {
    EXPECT_FALSE(fs::exists(directory / "cut/records.jsonl"));
    EXPECT_TRUE(fs::exists(journal));
  }
  ASSERT_EQ(run(fmt::format("run {} cut --resume", options)).status, 0) << read("err.txt");
  EXPECT_EQ(read("cut/records.jsonl"), read("whole/records.jsonl"));
}

TEST_F(Program, AnInterruptedRunLeavesNoRecordsAndIsResumedToTheSame) {
  expect_resumed("quick", "stable:softmax:f32:(wide|equal|rising)");
}

TEST_F(Program, AnInterruptedEnumerationIsResumedToTheSame) {
  expect_resumed("exhaustive", "online:softmax:f8e5m2:every_row:n=3");
}

TEST_F(Program, SaysWhatAnEnumerationProves) {
  const auto ended = run("run --effort exhaustive --target stable --filter ':f8e4m3:every_row:n=2' --out all");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("129032 of 129032 answers correctly rounded"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("proved by enumeration of 65536 rows"), std::string::npos) << ended.out;
  EXPECT_NE(read("all/records.jsonl").find("\"proved_by_enumeration\":true"), std::string::npos);
}

}  // namespace
