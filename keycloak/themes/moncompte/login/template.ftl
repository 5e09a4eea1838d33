<#import "parts.ftl" as parts>
<#--
  The frame of every page, ours and the server's own. It replaces the stock one because that holds inline scripts, which
  our Content-Security-Policy forbids: nothing inline here, neither script nor style nor on… handler.

  Parameters: the stock ones (bodyClass and displayRequiredFields are accepted for the stock pages that give them), and
    title   what <title> says before the heading, for a page whose heading another page has too
    step    the step of the activation this page is, 1 to 4, or 0
    fields  names of the fields of the page, in order; their errors are listed, with a link to each, in the error summary
  Sections asked of a page: header (the title), show-username, form, socialProviders, info; and afterError, what is added
  below an error.
-->
<#macro registrationLayout bodyClass="" displayInfo=false displayMessage=true displayRequiredFields=false title="" step=0 fields=[]>
<#local heading><#nested "header"></#local>
<#local failed = ((message.type)!"") == "error">
<#-- For <title>: escaped already; what goes are the tags that a stock page may have in its heading. -->
<#local plainHeading = heading?markup_string?replace("<[^>]*>", "", "r")?trim>
<!DOCTYPE html>
<html lang="${lang}" dir="${((locale.rtl)!false)?then("rtl", "ltr")}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex, nofollow">
  <meta name="color-scheme" content="light dark">
  <title><#if failed>${msg("errorPrefix")} </#if><#if title?has_content>${title} - </#if>${plainHeading?no_esc}<#if step gt 0> - ${msg("stepOf", step, 4)}</#if><#if agency??> - ${agency.name}</#if></title>
  <@parts.favicon/>
  <link rel="stylesheet" href="${url.resourcesPath}/${properties.styles}">
  <@parts.colours/>
  <#-- One file, so that a first visit asks once. -->
  <script src="${url.resourcesPath}/${properties.scripts}" defer></script>
  <#list scripts![] as script>
  <script src="${script}" defer></script>
  </#list>
<#-- No end tag of the head, which HTML allows: before it the server would put an inline script that changes the address shown
     (BrowserHistoryHelper), and our policy would stop it with an error in the console. -->
<body data-page-id="login-${pageId!}">
<div class="page">
  <header class="brand">
    <@parts.icon/>
    <@parts.logo/>
    <#if (agency.name)?has_content>
    <p class="brand-agency">${agency.name}</p>
    </#if>
  </header>

  <main class="card">
    <#if step gt 0>
    <p class="steps">${msg("stepOf", step, 4)}
      <span class="steps-bar" aria-hidden="true"><#list 1..4 as number><span<#if number lte step> class="steps-done"</#if>></span></#list></span>
    </p>
    </#if>
    <h1 id="kc-page-title">${heading}</h1>

    <#-- Our own pages say themselves whose account it is, where that helps. -->
    <#if !screen?? && auth?has_content && auth.showUsername() && !auth.showResetCredentials()>
    <#nested "show-username">
    <@parts.fact label=msg("attemptedAccount") value=auth.attemptedUsername/>
    <p><a id="reset-login" href="${url.loginRestartFlowUrl}">${msg("restartLoginTooltip")}</a></p>
    </#if>

    <#-- A warning that an action is due says nothing to someone who has just asked for that action. -->
    <#if displayMessage && (message.summary)?has_content && (message.type != "warning" || !isAppInitiatedAction??)>
      <#if failed>
    <div class="alert alert-error" id="error-summary" role="alert" tabindex="-1" autofocus>
      <@errorSummary fields=fields/>
      <#nested "afterError">
    </div>
      <#else>
    <div class="alert alert-${message.type}" role="status"><p>${message.summary}</p></div>
      </#if>
    </#if>

    <#if otherSession??>
    <div class="alert alert-warning">
      <p><strong>${msg("otherSessionTitle")}</strong></p>
      <p>${msg("otherSessionAccount")} <strong class="typed">${otherSession}</strong></p>
      <p>${msg("otherSessionText")}</p>
    </div>
    </#if>

    <#nested "form">

    <#if auth?has_content && auth.showTryAnotherWayLink()>
    <form id="kc-select-try-another-way-form" action="${url.loginAction}" method="post">
      <button class="button button-quiet" id="try-another-way" name="tryAnotherWay" value="on">${msg("doTryAnotherWay")}</button>
    </form>
    </#if>
    <#if switchOrganizationEnabled!false>
    <form id="kc-switch-organization-form" action="${url.loginAction}" method="post">
      <button class="button button-quiet" id="switch-organization" name="switchOrganization" value="true">${msg("doSwitchOrganization")}</button>
    </form>
    </#if>

    <#nested "socialProviders">
    <#if displayInfo><div class="info"><#nested "info"></div></#if>
    <@parts.help/>
  </main>

  <#if ((realm.internationalizationEnabled)!false) && ((locale.supported?size)!0) gt 1>
  <footer>
    <nav aria-label="${msg("languages")}">
      <ul class="languages">
        <#list locale.supported as language>
        <li><a href="${language.url}" hreflang="${language.languageTag}" lang="${language.languageTag}"<#if language.languageTag == locale.currentLanguageTag> aria-current="true"</#if>>${language.label}</a></li>
        </#list>
      </ul>
    </nav>
  </footer>
  </#if>
</div>
</body>
</html>
</#macro>

<#-- What is wrong: each error of a field as a link to it, then what concerns no field. A stock page names no fields. -->
<#macro errorSummary fields>
<#local wrong = fields?filter(field -> messagesPerField.existsError(field))>
<#if wrong?size == 0>
<p>${message.summary}</p>
<#else>
<p><strong>${msg("errorSummaryTitle")}</strong></p>
<ul>
  <#list wrong as field>
  <li><a href="#${field}">${messagesPerField.get(field)}</a></li>
  </#list>
  <#if messagesPerField.existsError("global")>
  <li>${messagesPerField.get("global")}</li>
  </#if>
</ul>
</#if>
</#macro>
