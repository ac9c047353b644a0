// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/error_text.h"

#include "text/figures.h"
#include "transfer/file_set.h"
#include "transport/stated_digests.h"

#include <QCoreApplication>
#include <QStringList>

namespace freshet::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Errors", text);
}

QString statusWords(int status)
{
    switch (status) {
    case 401:
        return tr("The server wants credentials (401)");
    case 403:
        return tr("The server does not allow this (403)");
    case 404:
        return tr("The server has nothing at this address (404)");
    case 410:
        return tr("The server has removed this (410)");
    case 429:
        return tr("The server gets too many requests (429)");
    default:
        break;
    }
    return status >= 500 ? tr("The server failed (%1)").arg(status)
                         : tr("The server refused (%1)").arg(status);
}

QString statusAdvice(int status)
{
    switch (status) {
    case 401:
    case 403:
        return tr("Add an Authorization header under Headers, then get again.");
    case 404:
    case 410:
        return tr("Check the path of the URL.");
    case 429:
    case 503:
        return tr("Wait a little, then get again.");
    default:
        return status >= 500 ? tr("Try again later, or ask who runs the server.")
                             : tr("Check method, headers and body under Options.");
    }
}

QString whatHappened(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Internal:
        return tr("Something went wrong inside Freshet");
    case ErrorCode::InvalidArgument:
        return tr("This cannot be done as asked");
    case ErrorCode::Unsupported:
        return tr("This is not supported");
    case ErrorCode::Cancelled:
        return tr("Cancelled");
    case ErrorCode::LimitReached:
        return tr("A limit was reached");
    case ErrorCode::FileNotFound:
        return tr("The file or its folder was not found");
    case ErrorCode::PermissionDenied:
        return tr("Permission was denied");
    case ErrorCode::DiskFull:
        return tr("The disk is full");
    case ErrorCode::IoError:
        return tr("Reading or writing a file failed");
    case ErrorCode::LibraryBusy:
        return tr("Another program is writing this dataset");
    case ErrorCode::LibraryDamaged:
        return tr("A file of the library is damaged");
    case ErrorCode::DatasetNotFound:
        return tr("There is no such dataset");
    case ErrorCode::UrlInvalid:
        return tr("This is no address that can be fetched");
    case ErrorCode::ResolveFailed:
        return tr("The server’s name was not found");
    case ErrorCode::ConnectFailed:
        return tr("The server could not be reached");
    case ErrorCode::TlsFailed:
        return tr("No secure connection came about");
    case ErrorCode::Timeout:
        return tr("The server did not answer in time");
    case ErrorCode::ConnectionLost:
        return tr("The connection was lost");
    case ErrorCode::ProtocolViolation:
        return tr("The server broke the rules of its protocol");
    case ErrorCode::TooManyRedirects:
        return tr("The server redirects without end");
    case ErrorCode::HttpStatus:
        return tr("The server refused");
    case ErrorCode::WrongContentType:
        return tr("What came is not data that can be read");
    case ErrorCode::CodingUnsupported:
        return tr("The server used an unknown compression");
    case ErrorCode::CodingCorrupt:
        return tr("The data is damaged");
    case ErrorCode::CodingTruncated:
        return tr("The compressed data stops before its end");
    case ErrorCode::SizeLimitExceeded:
        return tr("There is more data than is taken");
    case ErrorCode::SyntaxError:
        return tr("The data cannot be read");
    case ErrorCode::InvalidUtf8:
        return tr("The data is not valid UTF-8");
    case ErrorCode::Truncated:
        return tr("The data stops in the middle");
    case ErrorCode::RowTooLarge:
        return tr("A row is too large");
    case ErrorCode::NestingTooDeep:
        return tr("The data is nested too deeply");
    case ErrorCode::WrongFieldCount:
        return tr("A row has another number of fields than the header");
    case ErrorCode::RowsNotFound:
        return tr("No rows were found in the document");
    case ErrorCode::InBandError:
        return tr("The server reported an error inside the data");
    case ErrorCode::SourceChanged:
        return tr("The source has changed since the download began");
    case ErrorCode::GrpcStatus:
        return tr("The gRPC service refused or failed");
    case ErrorCode::DatabaseRefused:
        return tr("The database refused");
    case ErrorCode::SchemaInvalid:
        return tr("The schema cannot be used");
    case ErrorCode::SqlError:
        return tr("The query cannot be run");
    }
    return tr("Something went wrong inside Freshet");
}

QString whatNext(ErrorCode code)
{
    switch (code) {
    case ErrorCode::FileNotFound:
        return tr("Check the path.");
    case ErrorCode::PermissionDenied:
        return tr("Check who may read and write there.");
    case ErrorCode::DiskFull:
        return tr("Free some space, then get again.");
    case ErrorCode::LibraryBusy:
        return tr("Wait until it has finished.");
    case ErrorCode::UrlInvalid:
        return tr("Check its spelling; it starts with https://, http:// or is the path of a file.");
    case ErrorCode::ResolveFailed:
        return tr("Check the spelling of the host and the network.");
    case ErrorCode::ConnectFailed:
        return tr("Check host, port and network, then get again.");
    case ErrorCode::TlsFailed:
        return tr("Check the server’s certificate and the clock of this computer.");
    case ErrorCode::Timeout:
    case ErrorCode::ConnectionLost:
    case ErrorCode::CodingTruncated:
    case ErrorCode::Truncated:
        return tr("Resume fetches the rest.");
    case ErrorCode::SourceChanged:
        return tr("Get it again as a new dataset; the rows so far are kept.");
    case ErrorCode::WrongContentType:
        return tr("Check the URL: servers answer with a web page where a login or another path is "
                  "needed. If it is data, choose its format beside the URL.");
    case ErrorCode::CodingUnsupported:
    case ErrorCode::CodingCorrupt:
        return tr("Try “identity” as Accept-Encoding under Options.");
    case ErrorCode::SyntaxError:
    case ErrorCode::WrongFieldCount:
        return tr("If the format was guessed wrong, choose it beside the URL.");
    case ErrorCode::DatabaseRefused:
        return tr("Check the query, the user and the password under Options.");
    case ErrorCode::RowsNotFound:
        return tr("Say where the rows are under Options, for example $.result.records.");
    case ErrorCode::Internal:
        return tr("This is a fault in Freshet; please report it with the text copied from here.");
    default:
        return {};
    }
}

/// What came is not what its checksum states.
QString checksumAdvice(const QString &source, bool isKept)
{
    if (transfer::isLocalPlace(source.toStdString()))
        return tr("Fetch the file again from where it came. If it fails again, the file or its "
                  "checksum is wrong there.");
    return (isKept ? tr("Get anew fetches it again into a new dataset and keeps this one.")
                   : tr("Get it again.")) +
           QLatin1Char(' ') +
           tr("If it fails again, the checksum or the file at the server is wrong.");
}

QString placeOf(const Error &error, const QString &source)
{
    QStringList places;
    if (error.row)
        places += tr("row %1").arg(groupedText(error.row->value() + 1));
    if (error.line)
        places += tr("line %1").arg(groupedText(*error.line));
    if (error.byteOffset)
        places += tr("byte %1").arg(groupedText(error.byteOffset->value()));
    if (!error.column.empty())
        places += tr("column “%1”").arg(QString::fromStdString(error.column));
    QString place = places.join(QStringLiteral(", "));
    if (source.isEmpty())
        return place;
    return place.isEmpty() ? source : tr("%1 of %2").arg(place, source);
}

} // namespace

QString ErrorText::toPlainText() const
{
    QStringList lines;
    for (const QString &line : {what, detail, where, kept, next}) {
        if (!line.isEmpty())
            lines += line;
    }
    return lines.join(QLatin1Char('\n'));
}

ErrorText errorText(const Error &error, const QString &source, std::optional<RowCount> rowsKept)
{
    const bool isHostKey =
        error.code == ErrorCode::TlsFailed && source.startsWith(QLatin1StringView("sftp://"));
    const bool isStatus = error.code == ErrorCode::HttpStatus && error.nativeCode != 0;
    ErrorText text;
    text.what = isStatus ? statusWords(error.nativeCode) : whatHappened(error.code);
    text.where = placeOf(error, source);
    text.next = isStatus ? statusAdvice(error.nativeCode) : whatNext(error.code);
    if (isHostKey) {
        text.what = tr("The SSH server did not prove who it is");
        text.next = tr("If its key is the right one, connect once with ssh, which keeps the key.");
    }
    const bool isKept = rowsKept && *rowsKept > RowCount();
    if (transport::isNotAsStated(error)) {
        text.what = tr("The data is not what its checksum states");
        text.next = checksumAdvice(source, isKept);
    } else if (error.code == ErrorCode::SourceChanged && isKept) {
        text.next = tr("Get anew fetches it into a new dataset and keeps this one.");
    }
    text.detail = QString::fromStdString(error.detail);
    if (!error.excerpt.empty())
        text.detail += (text.detail.isEmpty() ? QString() : QStringLiteral(" ")) +
                       tr("There: %1").arg(QString::fromStdString(error.excerpt).simplified());
    if (rowsKept)
        text.kept = rowsKept->value() == 0 ? tr("Nothing was received.")
                                           : tr("%1 are kept.").arg(rowsText(*rowsKept));
    return text;
}

} // namespace freshet::ui
