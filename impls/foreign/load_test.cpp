// What is said of a target that cannot be loaded: one line, what, where, and what to do.

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "impls/catalogue.hpp"

namespace audit::impls {
namespace {

namespace fs = std::filesystem;

std::string plugin(const std::string& name) { return std::string(PLUGINS) + "/" + name; }

/// What load() says, without the directory.
std::string refusal(const std::string& target, double timeout = 30) {
  try {
    load(target, {.timeout = timeout});
  } catch (const std::runtime_error& error) {
    const std::string what = error.what(), directory = std::string(PLUGINS) + "/";
    return what.starts_with(directory) ? what.substr(directory.size()) : what;
  }
  return "";
}

struct Broken {
  const char* how;
  const char* said;
};

class Refuses : public testing::TestWithParam<Broken> {};

TEST_P(Refuses, APluginThatDescribesItselfWrongly) {
  setenv("BROKEN", GetParam().how, 1);
  EXPECT_EQ(refusal(plugin("broken.so")), std::string("broken.so: ") + GetParam().said);
  unsetenv("BROKEN");
}

INSTANTIATE_TEST_SUITE_P(
    Broken, Refuses,
    testing::Values(
        Broken{"null", "softmax_audit_plugin_v1 returned NULL; return the plugin's description (plugin.h)"},
        Broken{"plugin size",
               "has another version of the interface: the size of softmax_audit_plugin is 8, version 1 "
               "has 40; set it to sizeof, and build with this version of plugin.h"},
        Broken{"count", "offers no function: count is 0; let functions point to count of them"},
        Broken{"many", "offers 5000 functions; at most 4096 can be audited"},
        Broken{"functions", "offers functions at NULL; let functions point to count of them"},
        Broken{"library", "the library's name is NULL; say it"},
        Broken{"function size",
               "has another version of the interface: the size of softmax_audit_function is 16, "
               "version 1 has 56; set it to sizeof, and build with this version of plugin.h"},
        Broken{"name", "function 1 (''): has no name; give it one"},
        Broken{"null name", "the name of function 1 is NULL; say it"},
        Broken{"long name", "the name of function 1 has 199 bytes; at most 127 can be told"},
        Broken{"map", "function 1 ('good'): map 12 is none; plugin.h has 0 to 11"},
        Broken{"format", "function 1 ('good'): format 4 is none; plugin.h has 0 to 3"},
        Broken{"all_masked", "function 1 ('good'): all_masked 'nothing' is none; say nan, zero or uniform"},
        Broken{"max_ulp", "function 1 ('good'): max_ulp nan is no bound; give a number of ulps, 0 to claim nothing"},
        Broken{"run", "function 1 has run = NULL; point it to the function"},
        Broken{"twice",
               "function 1 ('good'): is function 0 again: name, map and format are the same; give it another "
               "name"},
        Broken{"constructor", "crashed while it was loaded (SIGABRT); load it on its own to see why"}),
    [](const auto& instance) {
      std::string name = instance.param.how;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

TEST(Load, TakesFormatsOfOneNameTogether) {
  const auto loaded = load(plugin("broken.so"), {});
  ASSERT_EQ(loaded.size(), 1U);
  EXPECT_EQ(loaded[0].name, plugin("broken.so") + ":good");
  EXPECT_EQ(loaded[0].formats, (std::vector{f32, f64}));
  EXPECT_EQ(loaded[0].version, "broken 1");
}

TEST(Load, WaitsNoLongerThanItIsTold) {
  setenv("BROKEN", "hang", 1);
  EXPECT_EQ(refusal(plugin("broken.so"), 0.2), "broken.so: was not loaded within 0.2 s; give it longer by --timeout");
  unsetenv("BROKEN");
}

TEST(Load, SaysWhatIsMissing) {
  EXPECT_EQ(refusal("./no/such.so"), "./no/such.so: no such file; give a shared object, FILE.so or FILE.so:FUNCTION");
  EXPECT_EQ(
      refusal(plugin("silent.so")),
      "silent.so: has no symbol softmax_audit_plugin_v1; export it (plugin.h), or audit a function with --symbol");
  EXPECT_EQ(refusal(plugin("honest.so:sinus")), "honest.so: offers no function 'sinus'; 'softmax-audit list " +
                                                    plugin("honest.so") + "' names all that it offers");
}

/// The first bytes of a shared object, changed, in a file without a name.
class File {
 public:
  explicit File(const std::string& bytes) : descriptor_(memfd_create("load_test", 0)) {
    EXPECT_EQ(write(descriptor_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(descriptor_); }
  [[nodiscard]] std::string path() const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor_);
  }

 private:
  int descriptor_;
};

std::string header(unsigned char wordsize, Elf64_Half machine) {
  std::string bytes = std::string(ELFMAG) + static_cast<char>(wordsize) + '\1' + '\1';
  bytes.resize(64);
  bytes[18] = static_cast<char>(machine & 0xff);
  bytes[19] = static_cast<char>(machine >> 8);
  return bytes;
}

TEST(Load, TellsFilesThatAreNoneForThisMachine) {
  const std::string another = ": is built for another architecture; build it for this machine";
  const File text("int main;"), foreign(header(ELFCLASS64, EM_S390)), narrow(header(ELFCLASS32, EM_386));
  EXPECT_EQ(refusal(text.path()), text.path() + ": is no ELF shared object; give one that cc -shared made");
  EXPECT_EQ(refusal(foreign.path()), foreign.path() + another);
  EXPECT_EQ(refusal(narrow.path()), narrow.path() + another);
}

TEST(Load, IsForForeignNamesOnly) {
  for (const char* name : {"./mine.so", "mine.so", "mine.so:softmax", "dir/mine", "/abs/mine.so.3"})
    EXPECT_TRUE(is_foreign(name)) << name;
  for (const char* name : {"stable", "log_softmax_log1p", "so", "stable:softmax"})
    EXPECT_FALSE(is_foreign(name)) << name;
}

}  // namespace
}  // namespace audit::impls
