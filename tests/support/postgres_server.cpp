// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/postgres_server.h"

#include "support/nginx_server.h"
#include "support/test_certificate.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QThread>
#include <QUrl>

#include <csignal>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace freshet::test {

namespace {

constexpr int kStartTimeoutMs = 60'000;
constexpr int kStopTimeoutMs = 20'000;

/// Who runs the server where the test is run by root.
const passwd *ordinaryUser()
{
    return geteuid() == 0 ? getpwnam("nobody") : nullptr;
}

/// In the child, before it begins.
std::function<void()> asOrdinaryUser()
{
    const passwd *const user = ordinaryUser();
    if (user == nullptr)
        return [] {
        };
    return [id = user->pw_uid, group = user->pw_gid] {
        const bool isChanged = setgroups(0, nullptr) == 0 && setgid(group) == 0 && setuid(id) == 0;
        if (!isChanged)
            _exit(126);
        // Changing the user takes this back.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    };
}

[[nodiscard]] bool giveAway(const QString &path)
{
    const passwd *const user = ordinaryUser();
    return user == nullptr ||
           chown(QFile::encodeName(path).constData(), user->pw_uid, user->pw_gid) == 0;
}

[[nodiscard]] bool writeFile(const QString &path, const QString &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && giveAway(path);
}

/// %1 home, %2 port.
const char kConfiguration[] = R"(
listen_addresses = '127.0.0.1'
port = %2
unix_socket_directories = '%1'
max_connections = 40
shared_buffers = 64MB
fsync = off
logging_collector = off
log_min_messages = fatal
timezone = 'UTC'
ssl = on
ssl_cert_file = '%1/certificate.pem'
ssl_key_file = '%1/key.pem'
)";

const char kAccess[] = R"(
host    all guarded  127.0.0.1/32 scram-sha-256
local   all guarded               scram-sha-256
hostssl all secure   127.0.0.1/32 trust
host    all secure   127.0.0.1/32 reject
host    all all      127.0.0.1/32 trust
local   all all                   trust
)";

} // namespace

PostgresServer::~PostgresServer()
{
    end(SIGQUIT);
}

QString PostgresServer::program(const QString &name)
{
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    const QStringList found = versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    for (auto version = found.rbegin(); version != found.rend(); ++version) {
        const QString path = versions.filePath(*version + QStringLiteral("/bin/") + name);
        if (QFile::exists(path))
            return path;
    }
    return {};
}

bool PostgresServer::isInstalled()
{
    return !program(QStringLiteral("initdb")).isEmpty();
}

bool PostgresServer::makeCluster()
{
    const auto certificate = TestCertificate::create(m_home.path());
    if (!m_home.isValid() || !certificate || !giveAway(m_home.path()) ||
        !giveAway(certificate->keyFile) ||
        !QFile::setPermissions(certificate->keyFile,
                               QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return false;
    m_certificateFile = certificate->certificateFile;
    ChildProcess initdb;
    initdb.setModifier(asOrdinaryUser());
    const QString data = m_home.filePath(QStringLiteral("data"));
    if (!initdb.start(program(QStringLiteral("initdb")),
                      {QStringLiteral("--pgdata=") + data, QStringLiteral("--username=postgres"),
                       QStringLiteral("--encoding=UTF8"), QStringLiteral("--locale=C.UTF-8"),
                       QStringLiteral("--no-sync"), QStringLiteral("--auth=trust")}) ||
        initdb.waitForEnd(kStartTimeoutMs) != 0) {
        qWarning("initdb fails: %s", initdb.output().constData());
        return false;
    }
    return writeFile(data + QStringLiteral("/pg_hba.conf"), QString::fromLatin1(kAccess));
}

bool PostgresServer::launch()
{
    const QString data = m_home.filePath(QStringLiteral("data"));
    if (!writeFile(data + QStringLiteral("/postgresql.conf"),
                   QString::fromLatin1(kConfiguration).arg(m_home.path(), QString::number(m_port))))
        return false;
    m_process.setModifier(asOrdinaryUser());
    if (!m_process.start(program(QStringLiteral("postgres")), {QStringLiteral("-D"), data}))
        return false;
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < kStartTimeoutMs && m_process.isRunning();) {
        if (tryRun(QStringLiteral("select 1")))
            return true;
        QThread::msleep(50);
    }
    return false;
}

bool PostgresServer::start()
{
    if (!makeCluster())
        return false;
    // Between the choice of a port and its use somebody else may take it: then choose again.
    for (int attempt = 0; attempt < 5; ++attempt) {
        m_port = freePort();
        if (launch()) {
            run(QStringLiteral("create role guarded login password 'p@ss word/1'; "
                               "create role secure login"));
            return true;
        }
        end(SIGQUIT);
    }
    qWarning("PostgreSQL does not start: %s", m_process.output().constData());
    return false;
}

bool PostgresServer::restartImmediately()
{
    end(SIGQUIT);
    return launch();
}

void PostgresServer::end(int signal)
{
    if (!m_process.isRunning())
        return;
    ::kill(static_cast<pid_t>(m_process.pid()), signal);
    if (!m_process.waitForEnd(kStopTimeoutMs))
        m_process.kill();
}

QStringList PostgresServer::psqlOptions(const QString &sql) const
{
    return {QStringLiteral("-X"), QStringLiteral("-q"),
            QStringLiteral("-A"), QStringLiteral("-t"),
            QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
            QStringLiteral("-h"), m_home.path(),
            QStringLiteral("-p"), QString::number(m_port),
            QStringLiteral("-U"), QStringLiteral("postgres"),
            QStringLiteral("-d"), QStringLiteral("postgres"),
            QStringLiteral("-c"), sql};
}

QString PostgresServer::run(const QString &sql, const QStringList &options) const
{
    const auto ended =
        ChildProcess::run(program(QStringLiteral("psql")), options + psqlOptions(sql), 300'000);
    if (ended.exitCode != 0)
        qFatal("psql fails: %s", ended.output.constData());
    QString text = QString::fromUtf8(ended.output);
    if (text.endsWith(u'\n'))
        text.chop(1);
    return text;
}

bool PostgresServer::tryRun(const QString &sql) const
{
    return ChildProcess::run(program(QStringLiteral("psql")), psqlOptions(sql)).exitCode == 0;
}

std::string PostgresServer::url() const
{
    return "postgresql://postgres@127.0.0.1:" + std::to_string(m_port) + "/postgres";
}

std::string PostgresServer::socketUrl() const
{
    return "postgresql://postgres@/postgres?host=" +
           QUrl::toPercentEncoding(m_home.path()).toStdString() + "&port=" + std::to_string(m_port);
}

} // namespace freshet::test
