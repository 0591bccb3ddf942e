@echo off
rem Builds RagPlatform when needed, then runs the rag command: rag --help
setlocal
set "RAG_ROOT=%~dp0."
set "RAG_COMMAND=%~n0"
where dotnet >nul 2>nul
if errorlevel 1 (
  echo rag: there is no .NET 10 SDK. Install it from https://dotnet.microsoft.com/download. 1>&2
  exit /b 1
)
if not exist "%RAG_ROOT%\artifacts" mkdir "%RAG_ROOT%\artifacts"
if not exist "%RAG_ROOT%\clients\rag\bin\Release\net10.0\rag.dll" echo Building RagPlatform for the first time: some minutes ... 1>&2
dotnet build "%RAG_ROOT%\RagPlatform.sln" --configuration Release --nologo -nodeReuse:false >"%RAG_ROOT%\artifacts\build.log" 2>&1
if errorlevel 1 (
  findstr /c:": error " "%RAG_ROOT%\artifacts\build.log" 1>&2
  echo rag: the build failed, see artifacts\build.log. 1>&2
  exit /b 1
)
dotnet "%RAG_ROOT%\clients\rag\bin\Release\net10.0\rag.dll" %*
exit /b %errorlevel%
