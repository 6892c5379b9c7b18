#include "impls/foreign/nursery.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <memory>
#include <system_error>
#include <utility>

#include "impls/foreign/protocol.hpp"

namespace audit::impls::foreign {
namespace {

/// What the new process finds open: nothing on 0 to 2, what it is given, and no other.
class Descriptors {
 public:
  explicit Descriptors(const Given& given) {
    posix_spawn_file_actions_init(&actions_);
    int number = memory_descriptor;
    for (const int descriptor : given) posix_spawn_file_actions_adddup2(&actions_, descriptor, number++);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, number);
  }
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;
  ~Descriptors() { posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

pid_t spawn(const std::vector<std::string>& command, const Given& given) {
  const Descriptors descriptors(given);
  const Attributes attributes;
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int error =
      posix_spawnp(&process, arguments[0], descriptors.get(), attributes.get(), arguments.data(), environ);
  if (error != 0) throw std::system_error(error, std::generic_category(), command[0]);
  return process;
}

}  // namespace

Nursery::Nursery() : thread_([this] { work(); }) {}

Nursery::~Nursery() {
  {
    const std::scoped_lock lock(mutex_);
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

pid_t Nursery::start(const std::vector<std::string>& command, const Given& given) {
  const auto order = std::make_shared<std::packaged_task<pid_t()>>([&] { return spawn(command, given); });
  auto started = order->get_future();
  {
    const std::scoped_lock lock(mutex_);
    orders_.emplace_back([order] { (*order)(); });
  }
  changed_.notify_one();
  return started.get();
}

void Nursery::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return done_ || !orders_.empty(); });
    if (orders_.empty()) return;
    const auto orders = std::exchange(orders_, {});
    lock.unlock();
    for (const auto& order : orders) order();
    lock.lock();
  }
}

}  // namespace audit::impls::foreign
