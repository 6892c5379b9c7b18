// Foreign targets from outside: the findings of check, what is left when somebody is killed, and the README's plugin.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "commands/program.hpp"
#include "reports/record.hpp"

namespace audit::commands {
namespace {

namespace fs = std::filesystem;

class Foreign : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    for (const char* name : {"bad.so", "honest.so", "paced.so"})
      fs::create_symlink(fs::path(PLUGINS) / name, directory / name);
  }

  /// Starts the program in a process group of its own, in the test's directory.
  [[nodiscard]] pid_t start(std::vector<std::string> arguments) const {
    const pid_t child = fork();
    if (child != 0) return child;
    setpgid(0, 0);
    if (chdir(directory.c_str()) != 0 || !std::freopen("/dev/null", "w", stderr)) _exit(126);
    std::vector<char*> pointers{const_cast<char*>(SOFTMAX_AUDIT_PROGRAM)};
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    execv(SOFTMAX_AUDIT_PROGRAM, pointers.data());
    _exit(127);
  }
};

TEST_F(Foreign, CheckGivesTheOneFindingOfADefect) {
  const auto checked = run("check ./bad.so:writes_past_the_end --json findings.json");
  EXPECT_EQ(checked.status, 1) << checked.err;
  EXPECT_NE(checked.out.find("./bad.so:writes_past_the_end (softmax): 1 finding"), std::string::npos) << checked.out;
  const std::string json = read("findings.json");
  EXPECT_NE(json.find("\"verdict\":\"trespassed\",\"findings\":[{\"law\":\"trespassed\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"element\":1,\"got\":\"wrote element 1 of y, one past the end\""), std::string::npos) << json;
  EXPECT_EQ(std::ranges::count(json, '{'), 2) << json;

  const std::string replay = "replay softmax:f32:row=0x0p+0 --target ./bad.so:writes_past_the_end";
  EXPECT_NE(json.find(replay), std::string::npos) << json;
  const auto again = run(replay);
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.out.find("trespassed: wrote element 1 of y, one past the end"), std::string::npos) << again.out;
}

TEST_F(Foreign, AHangIsWaitedForAFewTimesOnly) {
  const auto checked = run("check ./bad.so:loops --timeout 0.5");
  EXPECT_EQ(checked.status, 1) << checked.err;
  EXPECT_NE(checked.out.find("timed out (softmax, f32)"), std::string::npos) << checked.out;
  EXPECT_NE(checked.out.find("(softmax): 1 finding"), std::string::npos) << checked.out;
}

TEST_F(Foreign, TwoAuditsAtOnceGiveWhatEachGivesAlone) {
  const auto audit = [&](const std::string& json) {
    const std::string command =
        fmt::format("cd '{}' && '{}' check ./bad.so:changes_its_input --json {} >/dev/null 2>&1", directory.string(),
                    SOFTMAX_AUDIT_PROGRAM, json);
    return std::async(std::launch::async, [command] { return WEXITSTATUS(std::system(command.c_str())); });
  };
  auto first = audit("a.json"), second = audit("b.json");
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(second.get(), 1);
  EXPECT_EQ(audit("alone.json").get(), 1);
  EXPECT_EQ(read("a.json"), read("alone.json"));
  EXPECT_EQ(read("b.json"), read("alone.json"));
}

TEST_F(Foreign, WhatCannotBeLoadedIsOneLineAndStatus2) {
  write("text.so", "no shared object");
  for (const auto& [arguments, said] :
       {std::pair{"check ./text.so",
                  "softmax-audit: ./text.so: is no ELF shared object; give one that cc -shared made\n"},
        {"check ./none.so",
         "softmax-audit: ./none.so: no such file; give a shared object, FILE.so or FILE.so:FUNCTION\n"},
        {"run --target ./text.so --out out",
         "softmax-audit: ./text.so: is no ELF shared object; give one that cc -shared made\n"},
        {"check ./honest.so --map sparsemax", "softmax-audit: --map sparsemax: './honest.so' is a softmax\n"},
        {"speed --target ./paced.so:same --versus ./honest.so",
         "softmax-audit: --versus ./honest.so: 5 functions are a softmax and none is named 'same'; give one of them\n"},
        {"speed --target ./paced.so:same --versus ./honest.so:half",
         "softmax-audit: --versus ./honest.so:half: no format that both offer, in which they could be timed\n"},
        {"hunt ./honest.so --format f64 --seconds 0.01 --map softmax --n 0",
         "softmax-audit: --n 0: a row has at least one entry\n"}}) {
    const auto refused = run(arguments);
    EXPECT_EQ(refused.status, 2) << arguments;
    EXPECT_EQ(refused.err, said) << arguments;
    EXPECT_TRUE(refused.out.empty()) << arguments;
  }
}

TEST_F(Foreign, EveryCommandTakesThem) {
  const auto listed = run("list ./honest.so:half");
  EXPECT_EQ(listed.out, "./honest.so:half       softmax         f16      claims nothing\n");
  const auto hunted = run("hunt ./honest.so:three_pass --n 4 --seconds 0.05");
  EXPECT_EQ(hunted.status, 0) << hunted.err;
  EXPECT_NE(hunted.out.find("./honest.so:three_pass f32: worst error"), std::string::npos) << hunted.out;
  const auto timed = run("speed --target ./honest.so:three_pass --format f32 --n 512");
  EXPECT_EQ(timed.status, 0) << timed.err;
  EXPECT_NE(timed.out.find("./honest.so:three_pass f32        512 in "), std::string::npos) << timed.out;
  const auto ran = run("run --target ./honest.so:three_pass --filter ':n=3$' --out out");
  EXPECT_EQ(ran.status, 0) << ran.err << ran.out;
  EXPECT_NE(read("out/records.jsonl").find("\"target\":\"./honest.so:three_pass\""), std::string::npos);
}

// With a threshold that no noise reaches.
TEST_F(Foreign, AreComparedInTurnFunctionByFunction) {
  const auto compared =
      run("speed --target ./paced.so:same --versus ./paced.so --n 64 --threshold 300 --json to.jsonl");
  EXPECT_EQ(compared.status, 0) << compared.err;
  EXPECT_NE(compared.out.find("A ./paced.so:same, B ./paced.so:same, softmax\n"), std::string::npos) << compared.out;
  const auto records = reports::read_records((directory / "to.jsonl").string());
  ASSERT_EQ(records.size(), 4U);  // of both, in cache and out
  for (const std::size_t of_target : {0, 2}) {
    const auto& with = records[of_target].comparison.value();
    EXPECT_EQ(with.threshold, 3);
    EXPECT_EQ(reports::time_difference(with.ratio_low.value(), with.ratio_high.value(), 3), "no difference");
    EXPECT_EQ(records[of_target].verdict, "new");
  }
}

TEST_F(Foreign, AWrongAnswerIsNotComparedAndFails) {
  const auto compared = run("speed --target ./paced.so:same --versus ./bad.so:forgets_the_last --n 64 --json to.jsonl");
  EXPECT_EQ(compared.status, 1) << compared.err;
  EXPECT_NE(compared.out.find("./bad.so:forgets_the_last f32 n=64 in: "), std::string::npos) << compared.out;
  EXPECT_EQ(compared.out.find("A / B"), std::string::npos) << compared.out;
}

/// The workers of a program that is stuck in a call, once they are there.
std::vector<pid_t> workers_of(pid_t program) {
  std::vector<pid_t> found;
  for (int i = 0; i < 2000 && found.empty(); ++i) {
    for (const auto& task : fs::directory_iterator(fmt::format("/proc/{}/task", program))) {
      std::ifstream list(task.path() / "children");
      for (pid_t child = 0; list >> child;) found.push_back(child);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return found;
}

/// Whether a process runs no more; whoever adopted it may not have looked yet.
bool has_ended(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/stat", process));
  std::string line;
  std::getline(status, line);
  return kill(process, 0) != 0 || line.find(") Z") != std::string::npos;
}

bool ends(pid_t process) {
  for (int i = 0; i < 2000 && !has_ended(process); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return has_ended(process);
}

std::set<std::string> names_in(const char* where) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(where))
    if (entry.path().filename().string().find("softmax-audit") == 0 &&
        entry.path().filename().string().find("softmax-audit-test") != 0)
      names.insert(entry.path().filename());
  return names;
}

/// A worker that is stuck in a call ends with its program, however that ends; and nothing is left.
void expect_clean_end(pid_t program, const std::vector<int>& signals, int status) {
  const auto workers = workers_of(program);
  ASSERT_EQ(workers.size(), 1U);
  for (const int signal : signals) {
    EXPECT_FALSE(has_ended(workers[0])) << "the terminal's signals are not for the worker";
    kill(-program, signal);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  int ended = 0;
  waitpid(program, &ended, 0);
  EXPECT_EQ(ended, status);
  EXPECT_TRUE(ends(workers[0])) << "a worker is left";
  EXPECT_TRUE(names_in("/dev/shm").empty());
}

TEST_F(Foreign, NothingIsLeftWhenTheProgramIsKilled) {
  expect_clean_end(start({"check", "./bad.so:loops"}), {SIGKILL}, SIGKILL);
}

TEST_F(Foreign, NothingIsLeftAfterCtrlC) {
  expect_clean_end(start({"check", "./bad.so:loops"}), {SIGINT, SIGINT}, 130 << 8);
}

/// The README's plugin, built by its one line, and audited as it says.
TEST_F(Foreign, TheReadmeShowsAPluginThatHolds) {
  std::ostringstream text;
  text << std::ifstream(fs::path(SOURCES) / "README.md").rdbuf();
  const std::string readme = text.str();
  const auto between = [&](const std::string& from, const std::string& to) {
    const auto begin = readme.find(from);
    if (begin == std::string::npos) return std::string();
    const auto start = begin + from.size();
    return readme.substr(start, readme.find(to, start) - start);
  };
  write("mine.c", between("```c\n", "```"));
  fs::create_symlink(fs::path(SOURCES) / "impls", directory / "impls");
  const std::string build = between("    $ cc ", "\n");
  ASSERT_NE(build.find("-shared"), std::string::npos);
  ASSERT_EQ(std::system(fmt::format("cd '{}' && cc -Wall -Wextra -Werror {}", directory.string(), build).c_str()), 0);
  const auto checked = run("check ./libmine.so");
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_NE(checked.out.find("./libmine.so:softmax (softmax): all holds"), std::string::npos) << checked.out;
  EXPECT_NE(checked.out.find("\nbehaves like stable: kept its bound"), std::string::npos) << checked.out;
}

}  // namespace
}  // namespace audit::commands
